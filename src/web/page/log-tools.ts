import { type Html, html } from '../html.ts';
import { PAGE_LINES, type ShownWindow } from './shown-window.ts';

export interface LogToolsOptions {
  readonly slug: string;
  readonly label: string;
  /** Relative to the page. */
  readonly logsPath: string;
  readonly window: ShownWindow;
}

/** The bar above a log. Whether times are shown and lines are wrapped is the stylesheet's to see. */
export function logTools({ slug, label, logsPath, window }: LogToolsOptions): Html {
  const raw = `${logsPath}/${encodeURIComponent(slug)}`;
  const choices =
    window.lines > 0 &&
    html`<label><input type="checkbox" class="times"> Times</label><label><input type="checkbox" class="wraps" checked> Wrap</label><a href="${raw}" aria-label="Raw log of ${label}">Raw log</a><a href="${raw}" download aria-label="Download the log of ${label}">Download</a>`;
  return html`<div class="tools"><span class="extent">${windowNote(window)}</span><span class="choices">${choices}</span></div>${pages(slug, logsPath, window)}`;
}

/** Links that lead through a long log without scripts. */
function pages(slug: string, logsPath: string, { firstLine, lastLine, lines }: ShownWindow): Html | false {
  if (firstLine <= 1 && lastLine >= lines) return false;
  // `<signature>/logs` beside the page: the page itself is `<signature>`.
  const page = logsPath.replace(/\/logs$/, '');
  const link = (from: number, words: string) =>
    html`<a href="${page}?step=${encodeURIComponent(slug)}&from=${from}#${encodeURIComponent(slug)}">${words}</a>`;
  return html`<p class="pages">${firstLine > 1 && link(1, 'First lines')}${firstLine > 1 && link(Math.max(1, firstLine - PAGE_LINES), 'Earlier lines')}${lastLine < lines && link(lastLine + 1, 'Later lines')}${lastLine < lines && html`<a href="${page}#${encodeURIComponent(slug)}-end">Last lines</a>`}</p>`;
}

function windowNote({ firstLine, lastLine, lines }: ShownWindow): string {
  const count = (value: number) => value.toLocaleString('en');
  if (firstLine <= 1 && lastLine >= lines) return lines === 1 ? '1 line' : `${count(lines)} lines`;
  return `Lines ${count(firstLine)} to ${count(lastLine)} of ${count(lines)}`;
}
