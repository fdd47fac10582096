import { type Html, html } from '../html.ts';
import type { RunView } from '../run-view.ts';
import { icon, RUN_STATES } from './states.ts';

/** Links to the other attempts of the same run; nothing when there are none. */
export function attemptsNav({ name, attempts }: RunView, url: (name: string) => string): Html {
  if (attempts.length < 2) return html``;
  return html`<nav class="attempts" aria-label="Attempts"><ul>${attempts.map((attempt) => {
    const { tone, word, icon: iconName } = RUN_STATES[attempt.state];
    const words = html`<span class="state ${tone}">${icon(iconName)}</span>Attempt ${attempt.attempt}<span class="heard">, ${word}</span>`;
    return attempt.name === name
      ? html`<li><a aria-current="page" href="${url(attempt.name)}">${words}</a></li>`
      : html`<li><a href="${url(attempt.name)}">${words}</a></li>`;
  })}</ul></nav>
`;
}
