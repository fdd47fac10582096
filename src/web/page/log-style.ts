import { html } from '../html.ts';

/**
 * Logs and what stands above them. Colours of logs are legible on the log's background (4.5 to 1), and text on a coloured background is
 * the background's own. A line is as high as browser/line-list.js has it.
 */
export const LOG_STYLE = html`
:root {
  --grey: #666f7b; --red: #b3261e; --green: #17682f; --yellow: #7a5600; --blue: #0a50bd; --magenta: #8a2a9b; --cyan: #0b6672;
  --on-back: #fff; --found: #ffd33d; --found-text: #1c2128; --hit: #fff0b8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --grey: #8b96a4; --red: #ff8a80; --green: #5fd07f; --yellow: #e3b341; --blue: #79b8ff; --magenta: #d9a1f5; --cyan: #63cfdd;
    --on-back: #10141a; --found: #e3b341; --found-text: #10141a; --hit: #3b3415;
  }
}
/* The page's head, some steps and the log's end are on one screen. */
:root { --log-height: max(320px, 100dvh - 345px); }
.fore-grey { color: var(--grey); } .fore-red { color: var(--red); } .fore-green { color: var(--green); }
.fore-yellow { color: var(--yellow); } .fore-blue { color: var(--blue); } .fore-magenta { color: var(--magenta); } .fore-cyan { color: var(--cyan); }
.back-grey { background: var(--grey); } .back-red { background: var(--red); } .back-green { background: var(--green); }
.back-yellow { background: var(--yellow); } .back-blue { background: var(--blue); } .back-magenta { background: var(--magenta); }
.back-cyan { background: var(--cyan); } .back-plain { background: var(--text); }
[class*="back-"] { color: var(--on-back); border-radius: 2px; }
.bold { font-weight: 700; } .dim { color: var(--soft); } .italic { font-style: italic; } .underline { text-decoration: underline; } .strikethrough { text-decoration: line-through; }

.tools { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 14px; min-height: 41px; padding: 5px 16px; color: var(--soft); font-size: 13px; border-bottom: 1px solid var(--edge); }
.extent { flex: 1; white-space: nowrap; }
.choices, .search { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 14px; }
.choices label { display: flex; align-items: center; gap: 5px; min-height: 24px; cursor: pointer; }
.choices input { margin: 0; accent-color: var(--link); }
.choices a { display: inline-flex; align-items: center; min-height: 24px; }
.search { position: relative; flex-wrap: nowrap; gap: 4px; }
.search input { width: 230px; min-width: 0; height: 28px; padding: 0 56px 0 9px; border: 1px solid var(--control); border-radius: 6px; background: var(--log); color: var(--text); font: inherit; appearance: none; }
.search input::placeholder { color: var(--soft); opacity: 1; }
.search input::-webkit-search-cancel-button { display: none; }
.hits { position: absolute; right: 72px; color: var(--soft); font-variant-numeric: tabular-nums; pointer-events: none; }
.tools button, .keys button { min-width: 28px; height: 28px; padding: 0 8px; border: 1px solid var(--control); border-radius: 6px; background: var(--card); color: var(--text); font: inherit; cursor: pointer; }
.tools button:hover, .keys button:hover { background: var(--hover); }
.tools button:disabled { color: var(--soft); border-color: var(--edge); cursor: default; }
.tools .follow { padding: 0 12px; }
.follow[aria-pressed="true"] { border-color: var(--busy); background: var(--busy-back); color: var(--busy); font-weight: 600; }
.follow[aria-pressed="true"]::before { content: "● "; }
.pages { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0; padding: 6px 16px; border-bottom: 1px solid var(--edge); font-size: 13px; }

.body { border-radius: 0 0 10px 10px; overflow: clip; }
.log { position: relative; padding: 8px 0; background: var(--log); border-radius: 0 0 10px 10px; font: 12.5px/20px var(--mono); tab-size: 8; overflow-x: auto; }
.log:focus-visible { outline-offset: -2px; }
.log.live { max-height: var(--log-height); padding: 0; overflow: auto; overflow-anchor: none; overscroll-behavior-x: contain; }
.live:not(.long) .slice { padding: 8px 0; }
.log.long { height: var(--log-height); contain: strict; }
.sizer { position: relative; overflow-x: visible; overflow-y: clip; min-width: min-content; }
.long .slice { position: absolute; top: 0; left: 0; min-width: 100%; will-change: transform; }
.step:has(.wraps:checked) .slice { width: 100%; }
.line { display: flex; min-height: 20px; scroll-margin-top: 72px; }
.line:hover { background: var(--hover); }
.hit { background: var(--hit); }
.line:target, .picked { background: var(--target); box-shadow: inset 3px 0 var(--target-edge); }
.number { flex: none; min-width: 70px; padding-left: 6px; font-weight: 400; padding-right: 16px; text-align: right; color: var(--faint); user-select: none; }
.line:target .number, .picked .number { color: inherit; }
.at { display: none; flex: none; width: 9.5ch; color: var(--faint); user-select: none; font-variant-numeric: tabular-nums; }
.step:has(.times:checked) .at { display: block; }
.text { flex: 1; min-width: 0; padding-right: 16px; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
.step:has(.wraps:not(:checked)) .text { flex: 1 0 auto; white-space: pre; }
::highlight(found) { background-color: var(--found); color: var(--found-text); }
.note { color: var(--soft); font-family: var(--sans); font-style: italic; }
.depth-1 > .text { padding-left: 2ch; } .depth-2 > .text { padding-left: 4ch; } .depth-3 > .text { padding-left: 6ch; } .depth-4 > .text { padding-left: 8ch; }
button.text { padding: 0 16px 0 0; border: 0; background: none; color: inherit; font: inherit; font-weight: 700; text-align: left; cursor: pointer; }
button.text::before { content: ""; display: inline-block; width: 6px; height: 6px; margin: 0 8px 2px 2px; border: solid var(--soft); border-width: 0 2px 2px 0; transform: rotate(-45deg); }
button.text[aria-expanded="true"]::before { margin-bottom: 3px; transform: rotate(45deg); }
.heading { background: var(--card); }
.above { position: sticky; z-index: 1; top: 0; left: 0; height: 0; }
.above > .line { border-bottom: 1px solid var(--edge); box-shadow: 0 2px 5px rgb(0 0 0 / .07); }
.above .text { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
.heading:hover { background: var(--hover); }
.heading.picked { background: var(--target); }
.heading.hit { background: var(--hit); }
.exit { flex: none; padding-right: 14px; color: var(--tone); font-family: var(--sans); font-weight: 600; }
.cost { flex: none; min-width: 7ch; padding-right: 16px; color: var(--soft); text-align: right; font-family: var(--sans); font-variant-numeric: tabular-nums; }
.group > summary { font-weight: 700; }
.group > summary .text::before { content: "▸ "; color: var(--faint); }
.group[open] > summary .text::before { content: "▾ "; }
.group .group > summary .text, .group > div > .line > .text { padding-left: 2ch; }
.group .group > div > .line > .text { padding-left: 4ch; }

.keys { padding: 20px 24px; border: 1px solid var(--edge); border-radius: 12px; background: var(--card); color: var(--text); }
.keys::backdrop { background: rgb(0 0 0 / .45); }
.keys h2 { margin: 0 0 10px; font-size: 17px; }
.keys td { padding: 4px 18px 4px 0; }
.keys button { margin-top: 14px; }
kbd { display: inline-block; min-width: 22px; margin-right: 5px; padding: 0 6px; border: 1px solid var(--control); border-radius: 5px; background: var(--log); font: 12px/20px var(--mono); text-align: center; }

/* A script takes the place of what came with the page: until then it is as high as it will be. */
@media (scripting: enabled) {
  .pages { display: none; }
  .log:not(.live) { max-height: var(--log-height); overflow: hidden; }
}
@media not (scripting: enabled) { .hint { display: none; } }
@media (max-width: 640px) {
  :root { --log-height: max(320px, 100dvh - 440px); }
  .hint { display: none; }
  .log { font-size: 12px; }
  .number { min-width: 46px; padding-right: 10px; }
  .text, button.text { padding-right: 8px; }
  .cost { padding-right: 10px; }
  .tools { padding: 6px 12px; }
  .search { order: 1; width: 100%; }
  .search input { flex: 1; width: auto; height: 36px; font-size: 16px; }
  .tools button { min-width: 36px; height: 36px; }
  .hits { right: 92px; }
  .choices { flex-wrap: wrap; }
  .choices label, .choices a { min-height: 32px; }
}
@media print { .tools, .number { display: none; } summary.row { position: static; } }
`;
