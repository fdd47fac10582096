import type { Report } from '../../app/ports.ts';
import { type Html, html } from '../html.ts';
import { pageEnd, pageStart } from './layout.ts';

/** The page of a check that has no run of its own: what the check said, and the runs that it sums up. */
export function reportPage(name: string, { title, summary, links = [] }: Report): Html {
  return html`${pageStart({ title: `${title} · tekton-ci`, tone: 'quiet' })}<header>
<p class="where">This check has no log of its own</p>
<h1>${title}</h1>
</header>
<pre class="card report">${summary}</pre>
${links.map(({ label, url }) => html`<p><a href="${url}">${label}</a></p>`)}
${pageEnd({ name })}`;
}
