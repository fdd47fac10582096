import { make } from './text.js';

/** @typedef {{ keys: readonly string[], words: string, act: () => void }} Key */

/**
 * Keys that work wherever nothing is typed, and `?`, which shows them.
 *
 * @param {readonly Key[]} keys
 */
export function listenToKeys(keys) {
  const dialog = makeDialog(keys);
  document.body.append(dialog);
  const all = [...keys, { keys: ['?'], words: '', act: () => dialog.showModal() }];
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyped(event.target) || dialog.open) return;
    const key = all.find((each) => each.keys.includes(event.key));
    if (key === undefined) return;
    event.preventDefault();
    key.act();
  });
}

/** @param {EventTarget | null} target */
function isTyped(target) {
  return target instanceof HTMLInputElement && target.type !== 'checkbox';
}

/** @param {readonly Key[]} keys */
function makeDialog(keys) {
  const rows = keys.map(({ keys: names, words }) => {
    const name = names.map((each) => make('kbd', {}, [each]));
    return make('tr', {}, [make('td', {}, name), make('td', {}, [words])]);
  });
  const close = make('button', { type: 'button' }, ['Close']);
  const title = make('h2', { id: 'keys-title' }, ['Keys']);
  const table = make('table', {}, [make('tbody', {}, rows)]);
  const dialog = make('dialog', { class: 'keys', 'aria-labelledby': 'keys-title' }, [title, table, close]);
  close.addEventListener('click', () => dialog.close());
  return dialog;
}
