import { html } from '../html.ts';

/** The one stylesheet of all pages. It stands in the page, allowed by its hash. */
export const STYLE = html`
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --card: #fff; --log: #fbfbfc; --text: #1c2128; --soft: #5b6572; --faint: #727b87;
  --edge: #dfe3e8; --hover: #f0f2f5; --target: #fff4c9; --target-edge: #d9a400; --link: #0b5cd5;
  --good: #15803d; --good-back: #e3f6e9; --bad: #c62a2f; --bad-back: #fdeaea; --busy: #0b62d6; --busy-back: #e4efff;
  --attention: #9a4b00; --attention-back: #fff0e0; --quiet: #5b6572; --quiet-back: #eceff3;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1116; --card: #161b22; --log: #11151b; --text: #e3e8ee; --soft: #9ba6b3; --faint: #7d8896;
    --edge: #2b323b; --hover: #1d232c; --target: #3a3113; --target-edge: #d9a400; --link: #6cb0ff;
    --good: #4cc26f; --good-back: #12301d; --bad: #ff7b77; --bad-back: #3b1719; --busy: #6cb0ff; --busy-back: #14283f;
    --attention: #ffa657; --attention-back: #38240f; --quiet: #9ba6b3; --quiet-back: #242b34;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 var(--sans); border-top: 4px solid var(--tone); }
main, footer { max-width: 1080px; margin: 0 auto; padding-inline: 24px; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
code, pre { font-family: var(--mono); font-size: .92em; }
.good { --tone: var(--good); --back: var(--good-back); }
.bad { --tone: var(--bad); --back: var(--bad-back); }
.busy { --tone: var(--busy); --back: var(--busy-back); }
.attention { --tone: var(--attention); --back: var(--attention-back); }
.quiet { --tone: var(--quiet); --back: var(--quiet-back); }

.icon { flex: none; width: 18px; height: 18px; fill: none; stroke: var(--tone); stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
.icon .track { opacity: .25; }
.icon .spin { transform-origin: 50% 50%; animation: spin 1s linear infinite; }
@keyframes spin { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { .icon .spin { animation: none; } }

header { padding: 32px 0 24px; }
.where { margin: 0; color: var(--soft); overflow-wrap: anywhere; }
.where b { color: var(--text); font-weight: 600; }
h1 { margin: 6px 0 12px; font-size: 26px; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; overflow-wrap: anywhere; }
.facts { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 18px; margin: 0; padding: 0; list-style: none; color: var(--soft); font-size: 14px; }
.facts li { overflow-wrap: anywhere; min-width: 0; }
.verdict { display: inline-flex; align-items: center; gap: 6px; padding: 3px 12px 3px 8px; border-radius: 99px; background: var(--back); color: var(--tone); font-weight: 600; }
.ref { padding: 1px 6px; border-radius: 5px; background: var(--quiet-back); color: var(--text); }

.card { background: var(--card); border: 1px solid var(--edge); border-radius: 10px; }
.step { margin: 0 0 10px; scroll-margin-top: 8px; }
.row { display: grid; grid-template-columns: 16px 18px minmax(90px, 220px) minmax(0, 1fr) 84px; align-items: center; gap: 12px; padding: 9px 16px; border-radius: 10px; }
summary { cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary.row { position: sticky; top: 0; z-index: 1; background: var(--card); }
summary.row:hover { background: var(--hover); }
.step[open] > summary.row { border-bottom: 1px solid var(--edge); border-radius: 10px 10px 0 0; }
summary.row::before { content: ""; width: 7px; height: 7px; margin-left: 2px; border: solid var(--faint); border-width: 0 2px 2px 0; transform: rotate(-45deg); }
.step[open] > summary.row::before { transform: translateY(-2px) rotate(45deg); }
div.row::before { content: ""; }
div.row .label { color: var(--soft); }
div.row .bar { visibility: hidden; }
.state { display: flex; }
.label { font-weight: 600; overflow-wrap: anywhere; }
.label small { display: block; font-weight: 400; font-size: 13px; line-height: 1.3; color: var(--tone); }
.bar { display: block; width: 100%; height: 8px; border-radius: 4px; background: var(--quiet-back); }
.bar rect { fill: var(--tone); }
.took { text-align: right; color: var(--soft); font-size: 14px; font-variant-numeric: tabular-nums; white-space: nowrap; }

.tools { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 4px 16px; padding: 7px 16px; color: var(--soft); font-size: 13px; border-bottom: 1px solid var(--edge); }
.log { padding: 8px 0; background: var(--log); border-radius: 0 0 10px 10px; font: 12.5px/1.55 var(--mono); tab-size: 8; }
.line { display: flex; scroll-margin-top: 72px; }
.line:hover { background: var(--hover); }
.line:target { background: var(--target); box-shadow: inset 3px 0 var(--target-edge); }
.number { flex: none; min-width: 64px; padding-left: 6px; font-weight: 400; padding-right: 16px; text-align: right; color: var(--faint); user-select: none; }
.line:target .number { color: inherit; }
.text { flex: 1; min-width: 0; padding-right: 16px; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
.note { color: var(--soft); font-family: var(--sans); font-style: italic; }
.group > summary { font-weight: 700; }
.group > summary .text::before { content: "▸ "; color: var(--faint); }
.group[open] > summary .text::before { content: "▾ "; }
.group .group > summary .text, .group > div > .line > .text { padding-left: 1.5ch; }
.group .group > div > .line > .text { padding-left: 3ch; }
.empty { margin: 0; padding: 10px 16px; color: var(--soft); font-size: 14px; }
.end { display: block; height: 0; scroll-margin-bottom: 24px; }

.fold { margin: 20px 0 0; padding: 11px 16px; }
.fold > summary { font-weight: 600; }
.fold > summary::before { content: "▸ "; color: var(--faint); }
.fold[open] > summary::before { content: "▾ "; }
.fold ul { margin: 8px 0 0; padding-left: 20px; color: var(--soft); font-size: 14px; overflow-wrap: anywhere; }
.report { margin: 0; padding: 18px 20px; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.55; }
footer { padding-top: 24px; padding-bottom: 40px; color: var(--faint); font-size: 13px; overflow-wrap: anywhere; }

@media (max-width: 640px) {
  main, footer { padding-inline: 12px; }
  header { padding: 20px 4px 16px; }
  h1 { font-size: 21px; }
  .row { grid-template-columns: 10px 18px minmax(0, 1fr) auto; gap: 10px; padding: 10px 12px; }
  .bar { display: none; }
  .log { font-size: 11.5px; }
  .number { min-width: 40px; padding-right: 8px; }
  .text { padding-right: 8px; }
  .tools { padding: 7px 12px; }
}
@media print { .tools, .number { display: none; } summary.row { position: static; } }
`;
