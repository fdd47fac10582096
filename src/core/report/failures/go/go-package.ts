import type { Findings } from '../collect-findings.ts';
import { createGoOutput, goOutputMessage, sayGoOutput } from './go-output.ts';
import {
  type GoPackageEnding,
  type GoTest,
  type Seen,
  type SeenStack,
  tellOfGoPackage,
} from './go-package-findings.ts';
import { type GoProgress, readGoProgress } from './go-progress.ts';
import { createGoRace, type GoRace } from './go-race.ts';
import { createGoStack } from './go-stack.ts';

/** Tests that run at once, or failed; far beyond what a person reads. */
const MOST_TESTS = 2000;
const MOST_RACES = 20;

/** The tests of one package, while they run. */
export interface GoPackage {
  line(text: string, number: number): void;
  /** What comes next is printed by that test. */
  turnTo(test: string): void;
  /** A test failed. */
  fail(test: string, number: number): void;
  readonly isInTest: boolean;
  /** Tells of what failed. */
  end(ending: GoPackageEnding, findings: Findings): void;
}

export function createGoPackage(): GoPackage {
  const loose = createGoOutput();
  const tests = createTests();
  const races: Seen<GoRace>[] = [];
  let race: GoRace | null = null;
  let stack: SeenStack | null = null;

  const output = () => tests.current()?.output;
  const begin = (text: string, number: number) => {
    if (text === 'WARNING: DATA RACE') {
      race = createGoRace(text);
      if (races.length < MOST_RACES) races.push({ what: race, line: number });
    } else if (text.startsWith('panic: ') || text.startsWith('fatal error: ')) {
      stack = {
        what: createGoStack(text),
        line: number,
        printed: goOutputMessage(output() ?? createGoOutput()),
      };
    }
  };
  const read = (text: string, number: number) => {
    if (race !== null) {
      if (!race.line(text)) race = null;
      return;
    }
    // What looks like a panic may be printed by a test that goes on.
    if (stack === null) begin(text, number);
    else stack.what.line(text);
    if (race === null && !text.startsWith('======')) sayGoOutput(output() ?? loose, text);
  };
  return {
    turnTo: tests.turnTo,
    fail: tests.fail,
    get isInTest() {
      return tests.current() !== null;
    },
    line(text, number) {
      const progress = race === null ? readGoProgress(text) : null;
      if (progress !== null && tests.goOn(progress, number)) stack = null;
      else read(text, number);
    },
    end(told, findings) {
      if (findings.isFull) return;
      const ending = { ...told, areTests: told.areTests || tests.areAnnounced() };
      tellOfGoPackage({ tests: tests.all(), test: tests.current(), races, stack, loose, ending }, findings);
    },
  };
}

/** The tests that run, or failed. */
function createTests() {
  const tests = new Map<string, GoTest>();
  let current: GoTest | null = null;
  let areAnnounced = false;
  const isKnown = (name: string) => tests.has(name) || hasParent(name, tests);
  const turnTo = (name: string) => {
    const known = tests.get(name);
    current = known ?? { name, output: createGoOutput(), failedAt: null };
    if (known === undefined && tests.size < MOST_TESTS) tests.set(name, current);
    return current;
  };
  const fail = (name: string, number: number) => {
    turnTo(name).failedAt ??= number;
  };
  return {
    turnTo,
    fail,
    current: () => current,
    /** By the lines of `-v`. */
    areAnnounced: () => areAnnounced,
    all: () => [...tests.values()],
    /** False when it is printed by a test: results come after that of a parent, or after the test's beginning is told. */
    goOn({ how, test, isIndented }: GoProgress, number: number): boolean {
      areAnnounced ||= how === 'turn' && test !== null;
      if (test !== null && how !== 'turn' && (isIndented || areAnnounced) && !isKnown(test)) return false;
      if (test === null) current = null;
      else if (how === 'turn') turnTo(test);
      else if (how === 'failed') fail(test, number);
      else {
        tests.delete(test);
        current = null;
      }
      return true;
    },
  };
}

function hasParent(test: string, tests: ReadonlyMap<string, GoTest>): boolean {
  for (let at = test.lastIndexOf('/'); at > 0; at = test.lastIndexOf('/', at - 1)) {
    if (tests.has(test.slice(0, at))) return true;
  }
  return false;
}
