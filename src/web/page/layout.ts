import { type Html, html } from '../html.ts';
import type { WirePage } from '../wire.ts';
import { PAGE_SCRIPT } from './script.ts';
import { type Appearance, ICONS } from './states.ts';
import { STYLE } from './style.ts';

export interface PageStart {
  /** Of the browser's tab. */
  readonly title: string;
  readonly tone: Appearance['tone'];
  /** Seconds after which the page loads itself anew, where there are no scripts. */
  readonly refresh?: number;
  /** What the page's script begins with. */
  readonly data?: WirePage;
}

/** Everything before a page's own content; the page goes on with markup and ends with `pageEnd`. */
export function pageStart({ title, tone, refresh, data }: PageStart): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
${refresh !== undefined && html`<noscript><meta http-equiv="refresh" content="${refresh}"></noscript>`}
<title>${title}</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='7' fill='%23${ICON_COLOURS[tone]}'/%3E%3C/svg%3E">
<style>${STYLE}</style>
</head>
<body class="${tone}">
${ICONS}
<main${data !== undefined && html` data-page="${JSON.stringify(data)}"`}>
`;
}

export interface PageEnd {
  readonly name?: string;
  readonly script?: boolean;
}

export function pageEnd({ name, script = false }: PageEnd = {}): Html {
  return html`</main>
<footer>tekton-ci${name !== undefined && html` · ${name}`}${script && html`<span class="hint"> · press <kbd>?</kbd> for keys</span>`}</footer>
${script && html`<script type="module">${PAGE_SCRIPT}</script>`}
</body>
</html>
`;
}

/** The stylesheet's colours do not reach into the tab's icon. */
const ICON_COLOURS: Readonly<Record<Appearance['tone'], string>> = {
  good: '1a9c4b',
  bad: 'd5383d',
  busy: '1f78e0',
  attention: 'e07b1f',
  quiet: '87909c',
};
