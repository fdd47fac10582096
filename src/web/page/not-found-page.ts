import { html } from '../html.ts';
import { pageEnd, pageStart } from './layout.ts';

/** Says the same of what never was, what is gone and what a link does not open. */
export const NOT_FOUND_PAGE = html`${pageStart({ title: 'Not found · tekton-ci', tone: 'quiet' })}<header>
<h1>There is nothing at this address</h1>
<p class="where">Run pages open by the link in their check on GitHub, for as long as the run is kept.</p>
</header>
${pageEnd()}`;
