import type { CheckState } from '../test/github/check-store.ts';

/** Tells what happens, with an empty line wherever it turns to something else. */
export interface Narrator {
  /** What somebody does, or what is there. */
  act(what: string, words: string): void;
  /** A further line about it. */
  add(words: string): void;
  /** A state of a check, in one line. */
  tell(check: CheckState): void;
  /** All that a completed check says. */
  show(check: CheckState): void;
  /** Markdown that somebody has written. */
  quote(markdown: string): void;
  /** Words of the demo itself. */
  close(words: string): void;
}

type Topic = keyof Narrator | 'page';

const SIGNS: Readonly<Record<string, string>> = {
  queued: '○',
  in_progress: '◐',
  action_required: '◇',
  success: '✔',
  skipped: '↷',
};

const COLUMN = 22;

export function createNarrator(write: (line: string) => void): Narrator {
  const started = Date.now();
  let last: Topic = 'act';

  function say(topic: Topic, words: string): void {
    if (topic !== last) write('');
    last = topic;
    write(words);
  }

  function quote(markdown: string): void {
    say('quote', indent(readable(markdown)));
  }

  return {
    act: (what, words) => say('act', `${what.padEnd(COLUMN)}${words}`),
    add: (words) => say('act', `${' '.repeat(COLUMN)}${words}`),
    quote,
    close: (words) => say('close', words),
    tell(check) {
      const state = check.conclusion ?? check.status;
      const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(5);
      say('tell', `${seconds} s  ${SIGNS[state] ?? '✘'} ${check.name}: ${state}  ${check.title ?? ''}`);
    },
    show({ summary, actions, detailsUrl }) {
      quote(summary ?? '');
      for (const { label, description } of actions) say('quote', `\n    [${label}] ${description}`);
      say('page', `Run page: ${detailsUrl ?? ''}`);
      say('page', '          (open while the demo runs: --stay keeps it)');
    },
  };
}

/** Markdown without what only a browser shows. */
function readable(markdown: string): string {
  return markdown
    .replace(/\[Full log\]\([^)]*\)/g, '')
    .replace(/<\/?(?:details|summary)>/g, '')
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replace(/\\([\\`*_{}[\]()!|~])/g, '$1')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '    ');
}
