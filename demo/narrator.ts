import type { CheckState } from '../test/github/check-store.ts';

export interface VerdictOfDemo {
  readonly name: string;
  readonly conclusion: string;
}

/** Tells of every state that a check goes through. */
export interface Narrator {
  readonly tell: (check: CheckState) => void;
  /** Of the gate, the check that is named `tekton-ci`. */
  readonly verdict: Promise<VerdictOfDemo>;
}

const SIGNS: Readonly<Record<string, string>> = {
  queued: '○',
  in_progress: '◐',
  success: '✔',
  skipped: '↷',
};

export function createNarrator(write: (line: string) => void): Narrator {
  const verdict = Promise.withResolvers<VerdictOfDemo>();
  const started = Date.now();
  return {
    verdict: verdict.promise,
    tell(check) {
      const state = check.conclusion ?? check.status;
      const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(5);
      write(`${seconds} s  ${SIGNS[state] ?? '✘'} ${check.name}: ${state}  ${check.title ?? ''}`);
      if (check.status !== 'completed') return;
      write(`\n${indent(readable(check.summary ?? ''))}\n`);
      write(`Run page: ${check.detailsUrl ?? ''}`);
      write('          (open while the demo runs: --stay keeps it)\n');
      if (check.name === 'tekton-ci')
        verdict.resolve({ name: check.name, conclusion: check.conclusion ?? '' });
    },
  };
}

/** The check's Markdown without what only a browser shows. */
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
  return text.replace(/^/gm, '    ');
}
