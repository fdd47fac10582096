/** A fenced block that shows `text` as it is: the fence is longer than any run of backticks in it. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text.replace(/\n$/, '')}\n${fence}`;
}

/** Text from outside inside a Markdown paragraph or table cell: nothing in it is markup, a link or a mention. */
export function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]()!|~]/g, (character) => `\\${character}`)
    .replace(/[&<>@:#]|^[-+=]|(?<=^\d+)\.|(?<=www)\./g, entity);
}

/** Backslashes do not stop GitHub from making mentions, links, lists and tags of some characters; entities do. */
function entity(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

/** Text from outside as inline code. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = '`'.repeat(longest + 1);
  const space = longest > 0 || line === '' ? ' ' : '';
  return `${ticks}${space}${line.replaceAll('|', '\\|')}${space}${ticks}`;
}

/** A closed fold. `title` must be safe already. */
export function fold(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** A table with a head row; cells must be safe already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
