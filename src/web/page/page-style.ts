import { html } from '../html.ts';

/** Everything but logs. */
export const PAGE_STYLE = html`
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --card: #fff; --log: #fbfbfc; --text: #1c2128; --soft: #5b6572; --faint: #69727e;
  --edge: #dfe3e8; --control: #8b95a1; --hover: #f0f2f5; --target: #fff4c9; --target-edge: #d9a400; --link: #0b5cd5;
  --good: #15803d; --good-back: #e3f6e9; --bad: #c62a2f; --bad-back: #fdeaea; --busy: #0b62d6; --busy-back: #e4efff;
  --attention: #9a4b00; --attention-back: #fff0e0; --quiet: #5b6572; --quiet-back: #eceff3;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1116; --card: #161b22; --log: #11151b; --text: #e3e8ee; --soft: #9ba6b3; --faint: #8590a0;
    --edge: #2b323b; --control: #5f6a77; --hover: #1d232c; --target: #3a3113; --target-edge: #d9a400; --link: #6cb0ff;
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

.icons { position: absolute; width: 0; height: 0; }
.icon { flex: none; width: 18px; height: 18px; fill: none; stroke: var(--tone); stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
.icon-spinner { animation: spin 1s linear infinite; }
@keyframes spin { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { .icon-spinner { animation: none; } }
.heard { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

header { padding: 22px 0 16px; }
.where { margin: 0; color: var(--soft); overflow-wrap: anywhere; }
.where b { color: var(--text); font-weight: 600; }
h1 { margin: 3px 0 9px; font-size: 24px; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; overflow-wrap: anywhere; }
.facts { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 18px; margin: 0; padding: 0; list-style: none; color: var(--soft); font-size: 14px; }
.facts li { overflow-wrap: anywhere; min-width: 0; }
.verdict { display: inline-flex; align-items: center; gap: 6px; padding: 3px 12px 3px 8px; border-radius: 99px; background: var(--back); color: var(--tone); font-weight: 600; }
.ref { padding: 1px 6px; border-radius: 5px; background: var(--quiet-back); color: var(--text); }

.card { background: var(--card); border: 1px solid var(--edge); border-radius: 10px; }
.step { margin: 0 0 8px; scroll-margin-top: 8px; }
.row { display: grid; grid-template-columns: 16px 18px minmax(90px, 300px) minmax(0, 1fr) 84px; align-items: center; gap: 12px; min-height: 44px; padding: 6px 16px; border-radius: 10px; }
summary { cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary.row { position: sticky; top: 0; z-index: 1; background: var(--card); }
summary.row:hover { background: var(--hover); }
.step[open] > summary.row { border-bottom: 1px solid var(--edge); border-radius: 10px 10px 0 0; }
summary.row::before { content: ""; width: 7px; height: 7px; margin-left: 2px; border: solid var(--faint); border-width: 0 2px 2px 0; transform: rotate(-45deg); }
.step[open] > summary.row::before { transform: translateY(-2px) rotate(45deg); }
div.row::before { content: ""; }
div.row .label b { color: var(--soft); }
div.row .bar { visibility: hidden; }
.state { display: flex; }
.label { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 10px; overflow-wrap: anywhere; }
.label b { font-weight: 600; }
.label small { font-weight: 400; font-size: 13px; line-height: 1.3; color: var(--tone); }
.bar { display: block; width: 100%; height: 8px; border-radius: 4px; background: var(--quiet-back); }
.bar rect { fill: var(--tone); }
.took { text-align: right; color: var(--soft); font-size: 14px; font-variant-numeric: tabular-nums; white-space: nowrap; }

.empty { margin: 0; padding: 10px 16px; color: var(--soft); font-size: 14px; }
.end { display: block; height: 0; scroll-margin-bottom: 24px; }
.attempts ul { display: flex; flex-wrap: wrap; gap: 8px; margin: -4px 0 14px; padding: 0; list-style: none; font-size: 14px; }
.attempts a { display: flex; align-items: center; gap: 7px; padding: 4px 12px 4px 8px; border: 1px solid var(--edge); border-radius: 99px; background: var(--card); color: var(--text); }
.attempts a[aria-current] { border-color: var(--link); box-shadow: inset 0 0 0 1px var(--link); font-weight: 600; }

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
}
`;
