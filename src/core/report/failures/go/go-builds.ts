import type { Findings } from '../collect-findings.ts';
import type { Finding } from '../finding.ts';
import {
  type GoSpeaker,
  isGoChain,
  isGoHeaderOver,
  isGoWord,
  isOfGoPackage,
  readGoError,
  readGoHeader,
  readGoReason,
} from './go-build-lines.ts';
import { readGoDownload } from './go-downloads.ts';

const MOST_ERRORS = 500;
/** Lines below one error. */
const MOST_LINES = 15;
/** The command line of the linker is long, and says nothing. */
const LONGEST = 400;

interface Problem extends Pick<Finding, 'kind' | 'line' | 'place'> {
  name: string;
  /** Below a header, or in a section of errors. */
  readonly isCertain: boolean;
  readonly more: string[];
}

/** What is said of packages that cannot be built, or that vet finds wrong. */
export interface GoBuilds {
  /** True when the line is a build's for certain. */
  line(text: string, number: number): boolean;
  /** From now on, what looks like an error is the compiler's. */
  expect(): void;
  /** Where tests ran too, what is not certain may be theirs, and counts where nothing else is. */
  tell(findings: Findings, isBesideTests: boolean): void;
}

export function createGoBuilds(): GoBuilds {
  const problems = new Map<string, Problem>();
  let open: Problem | null = null;
  let speaker: GoSpeaker | null = null;
  let isExpected = false;

  const add = (key: string, problem: Pick<Problem, 'kind' | 'line' | 'place' | 'name'>): true => {
    open = { ...problem, isCertain: speaker !== null || isExpected, more: [] };
    // The same error is told again for the package's tests.
    if (!problems.has(key) && problems.size < MOST_ERRORS) problems.set(key, open);
    return true;
  };
  const isError = (text: string, line: number): boolean => {
    const error = readGoError(text, isExpected ? 'compiler' : speaker);
    if (error === null) return false;
    const { place, name } = error;
    if (name === 'too many errors') return true;
    return add(`${place.path.replace(/^\.\//, '')}:${place.line}:${name}`, { ...error, line });
  };
  const isMore = (text: string): boolean => {
    if (open === null || (speaker === null && !text.startsWith('\t'))) return false;
    if (open.more.length < MOST_LINES && text.length < LONGEST) open.more.push(text.replace(/^\t/, ''));
    if (open.place === null) open.name = readGoReason(text) ?? open.name;
    return true;
  };
  const isWord = (name: string, line: number): boolean => {
    const isSaid = (speaker !== null && isOfGoPackage(name)) || isGoWord(name) || isGoChain(name);
    return (
      isSaid && (readGoDownload(name) !== null || add(name, { kind: 'compile', name, place: null, line }))
    );
  };
  return {
    line(text, number) {
      const header = readGoHeader(text);
      if (header !== null || isGoHeaderOver(text)) {
        speaker = header;
        open = null;
      }
      if (header !== null) return true;
      const isTold = isError(text, number) || isMore(text) || isWord(text, number);
      const isBuild = speaker !== null && (isTold || readGoDownload(text) !== null);
      if (!isTold) open = null;
      // Other tools write `# title` too, and go on otherwise.
      if (!isBuild) speaker = null;
      return isBuild;
    },
    expect() {
      isExpected = true;
    },
    tell(findings, isBesideTests) {
      const all = [...problems.values()].filter(({ name }) => !isGoChain(name));
      for (const { isCertain: _, more, ...problem } of best(all, isBesideTests)) {
        findings.add({ ...problem, message: more.join('\n') });
      }
    },
  };
}

function best(all: readonly Problem[], isBesideTests: boolean): readonly Problem[] {
  const certain = all.filter(({ isCertain }) => isCertain);
  if (isBesideTests && certain.length > 0) return certain;
  // Words without a place only sum up what has one.
  const placed = all.filter(({ place, isCertain }) => place !== null || isCertain);
  return placed.length > 0 ? placed : all;
}
