import { html } from '../html.ts';
import { LOG_STYLE } from './log-style.ts';
import { PAGE_STYLE } from './page-style.ts';

/** The one stylesheet of all pages. It stands in the page, allowed by its hash. */
export const STYLE = html`${PAGE_STYLE}${LOG_STYLE}`;
