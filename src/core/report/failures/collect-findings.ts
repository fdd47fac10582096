import type { Finding, Place } from './finding.ts';

/** More failures than that are one failure with many faces; the first ones tell of it. */
const MOST_FINDINGS = 500;
/** Lines of one message. */
const MOST_LINES = 40;
/** Characters of one message line, and of a name. */
const MOST_CHARACTERS = 500;

/** A finding that is being read: its message comes line by line. */
export interface OpenFinding {
  say(line: string): void;
  /** For tools that tell where after they tell what. */
  at(place: Place): void;
}

/** The findings of one log, bounded however long it is. */
export interface Findings {
  /** Adds one; what is added beyond the limit is not kept. */
  add(finding: Omit<Finding, 'message' | 'level'> & Partial<Pick<Finding, 'message' | 'level'>>): OpenFinding;
  readonly count: number;
  /** What is added now is not kept. */
  readonly isFull: boolean;
  all(): readonly Finding[];
}

export function collectFindings(): Findings {
  const found: { first: Omit<Finding, 'message' | 'place'>; place: Place | null; lines: string[] }[] = [];
  return {
    add({ message, level = 'failure', place, name, ...rest }) {
      const one = {
        first: { ...rest, level, name: cut(name) },
        place,
        lines: [] as string[],
      };
      if (found.length < MOST_FINDINGS) found.push(one);
      const say = (line: string) => void (one.lines.length < MOST_LINES && one.lines.push(cut(line)));
      for (const line of message?.split('\n') ?? []) say(line);
      return {
        say,
        at(told) {
          one.place ??= told;
        },
      };
    },
    get isFull() {
      return found.length >= MOST_FINDINGS;
    },
    get count() {
      return found.length;
    },
    all: () =>
      found.map(({ first, place, lines }) => ({ ...first, place, message: trimmed(lines).join('\n') })),
  };
}

/** Without empty lines at both ends. */
function trimmed(lines: readonly string[]): readonly string[] {
  const isText = (line: string) => line.trim() !== '';
  return lines.slice(Math.max(0, lines.findIndex(isText)), lines.findLastIndex(isText) + 1);
}

/** Never cuts a pair of surrogates. */
function cut(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  return `${text.slice(0, MOST_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
