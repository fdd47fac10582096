import { closest, distance } from 'fastest-levenshtein';
import { Lexer } from 'marked';
import { COMMAND_NAMES, type Command } from './command.ts';

/** A comment may hold more lines; so many of them are listened to. */
const MOST_COMMANDS = 5;

/** What somebody wrote at the beginning of a line: three spaces still begin one in Markdown. */
const LINE = /^ {0,3}\/tekton-ci(?:\s+(?<words>.*))?$/;

/** Further away nothing was meant. */
const MOST_TYPOS = 2;

/** Quotes and lists within each other, as one line may begin: parsers go as deep, and a stranger may write as many. */
const DEEP = /^(?:[ \t]*(?:>|[-+*]|\d{1,9}[.)])){8,}/gm;

/**
 * The commands of a comment: lines of its own paragraphs that begin with `/tekton-ci`, at most five. What is quoted, listed, or in a code
 * block or an HTML comment is talk about commands. Takes a second at most for the longest comment, whatever it says.
 */
export function parseCommands(markdown: string): readonly Command[] {
  if (!markdown.includes('/tekton-ci')) return [];
  const lines = markdown.replace(/\r\n?/g, '\n').replace(DEEP, '> ');
  // What is inside of paragraphs is left alone: telling emphasis from asterisks takes a minute for some texts.
  return new Lexer()
    .blockTokens(lines)
    .flatMap((token) => (token.type === 'paragraph' ? withoutComments(token.raw).split('\n') : []))
    .map((line) => LINE.exec(line.trimEnd()))
    .filter((found) => found !== null)
    .slice(0, MOST_COMMANDS)
    .map(({ groups }) => parse((groups?.words ?? '').split(/\s+/).filter((word) => word !== '')));
}

function withoutComments(paragraph: string): string {
  const [text = '', ...hidden] = paragraph.split('<!--');
  const shown = hidden.map((part) => (part.includes('-->') ? part.slice(part.indexOf('-->') + 3) : ''));
  return [text, ...shown].join('');
}

function parse([name = 'help', ...words]: readonly string[]): Command {
  switch (name) {
    case 'cancel':
    case 'why':
    case 'help':
      return words.length === 0 ? { kind: name } : unclear(`\`${name}\` takes nothing after it.`);
    case 'retest':
      return words.length <= 1
        ? { kind: 'retest', project: words[0] ?? null }
        : unclear('`retest` takes the name of one project, or nothing.');
    case 'deploy':
      return words.length === 1 && words[0] !== undefined
        ? { kind: 'deploy', to: words[0] }
        : unclear('`deploy` takes the name of one environment.');
    case 'approve':
      return parseApproval(words);
    default:
      return unclear(suggestion(name));
  }
}

/** A short id can be made to fit another commit, so the whole of it is asked for. */
function parseApproval(words: readonly string[]): Command {
  const [sha = ''] = words;
  if (words.length === 1 && /^[0-9a-f]{40}$/i.test(sha)) return { kind: 'approve', sha: sha.toLowerCase() };
  return unclear('`approve` takes the full id of the commit that you have looked at, all 40 digits.');
}

function suggestion(name: string): string {
  const near = closest(name.toLowerCase(), [...COMMAND_NAMES]);
  return distance(name.toLowerCase(), near) <= MOST_TYPOS
    ? `There is no such command. Did you mean \`/tekton-ci ${near}\`?`
    : 'There is no such command.';
}

function unclear(advice: string): Command {
  return { kind: 'unclear', advice };
}
