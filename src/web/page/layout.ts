import { type Html, html } from '../html.ts';
import type { Appearance } from './states.ts';
import { STYLE } from './style.ts';

export interface PageStart {
  /** Of the browser's tab. */
  readonly title: string;
  readonly tone: Appearance['tone'];
  /** Seconds after which the page loads itself anew. */
  readonly refresh?: number;
}

/** Everything before a page's own content; the page goes on with markup and ends with `PAGE_END`. */
export function pageStart({ title, tone, refresh }: PageStart): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${refresh !== undefined && html`<meta http-equiv="refresh" content="${refresh}">`}
<title>${title}</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='7' fill='%23${ICON_COLOURS[tone]}'/%3E%3C/svg%3E">
<style>${STYLE}</style>
</head>
<body class="${tone}">
<main>
`;
}

export function pageEnd(name?: string): Html {
  return html`</main>
<footer>tekton-ci${name !== undefined && html` · ${name}`}</footer>
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
