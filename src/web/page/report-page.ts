import type { Report } from '../../app/ports.ts';
import { type Html, html } from '../html.ts';
import { pageEnd, pageStart } from './layout.ts';

/** The page of a check that has no run: what the check said. */
export function reportPage(name: string, { title, summary }: Report): Html {
  return html`${pageStart({ title: `${title} · tekton-ci`, tone: 'quiet' })}<header>
<p class="where">This check has no log of its own</p>
<h1>${title}</h1>
</header>
<pre class="card report">${summary}</pre>
${pageEnd(name)}`;
}
