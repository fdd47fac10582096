/** A fenced block that shows `text` as it is: the fence is longer than any run of backticks in it. */
export function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(2, longestTicks(text)) + 1);
  return `${fence}text\n${text.replace(/\n$/, '')}\n${fence}`;
}

/**
 * Text from outside inside a Markdown paragraph, list item or table cell: one line in which nothing is markup, a link,
 * a mention or a formula. Control characters and those that change the direction of writing are left out.
 */
export function plain(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]()!|~]/g, (character) => `\\${character}`)
    .replace(/[&<>@#$]|:(?=\S)|^[-+=]|(?<=^\d+)\.|(?<=www)\./gi, entity);
}

/** Backslashes do not stop GitHub from making mentions, links, lists and tags of some characters; entities do. */
function entity(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

/** Text from outside as inline code in a table cell, where a bar needs its backslash even in code. */
export function code(text: string): string {
  const line = oneLine(text).trim();
  const ticks = '`'.repeat(longestTicks(line) + 1);
  const space = line.includes('`') || line === '' ? ' ' : '';
  return `${ticks}${space}${line.replaceAll('|', '\\|')}${space}${ticks}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '');
}

function longestTicks(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

/** A link to a web address from outside, whatever is in it. */
export function link(text: string, url: string): string {
  const { href } = new URL(url);
  return `[${plain(text)}](${href.replace(/[()<>|\\]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)})`;
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
