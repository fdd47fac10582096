import type { Findings } from '../collect-findings.ts';
import { type GoOutput, goOutputMessage, goOutputPlace } from './go-output.ts';
import type { GoRace } from './go-race.ts';
import type { GoStack } from './go-stack.ts';

export interface GoTest {
  readonly name: string;
  readonly output: GoOutput;
  /** The log's line at which it failed. */
  failedAt: number | null;
}

export interface Seen<T> {
  readonly what: T;
  readonly line: number;
}

export interface SeenStack extends Seen<GoStack> {
  /** What its test printed before. */
  readonly printed: string;
}

export interface GoPackageEnding {
  /** '' where it is not known. */
  readonly name: string;
  /** That it failed, and nothing outside of its tests tells why. */
  readonly isFailed: boolean;
  readonly line: number;
  /** That it is a package's tests for certain: other programs may print what one test of them would. */
  readonly areTests: boolean;
}

/** What was seen of a package until its end. */
export interface SeenOfGoPackage {
  readonly tests: readonly GoTest[];
  /** Whose output was read last. */
  readonly test: GoTest | null;
  readonly races: readonly Seen<GoRace>[];
  readonly stack: SeenStack | null;
  /** What no test printed. */
  readonly loose: GoOutput;
  readonly ending: GoPackageEnding;
}

/** Adds one finding for each test that failed by itself; the package is one only when no test is. */
export function tellOfGoPackage(seen: SeenOfGoPackage, findings: Findings): void {
  const { tests, races, stack, loose, ending } = seen;
  const panicked = stack === null ? null : tellOfStack(stack, seen, findings);
  const failed = leaves(
    tests.filter(({ failedAt, name }) => failedAt !== null && !isSameTree(name, panicked)),
  );
  const told = new Set<Seen<GoRace>>();
  for (const { name, output, failedAt } of failed) {
    const line = failedAt ?? ending.line;
    const own = output.isRace ? races.filter((race) => race.line < line && !told.has(race)) : [];
    for (const race of own) told.add(race);
    findings.add({
      kind: 'test',
      name,
      message: [...own.map(({ what }) => what.message()), goOutputMessage(output)].join('\n'),
      place: own[0]?.what.place() ?? goOutputPlace(output, ending.name),
      line,
    });
  }
  const others = ending.isFailed ? races.filter((race) => !told.has(race)) : [];
  for (const { what, line } of others) {
    findings.add({ kind: 'test', name: 'DATA RACE', message: what.message(), place: what.place(), line });
  }
  if (!ending.isFailed || ending.name === '' || failed.length + others.length > 0 || stack !== null) return;
  const message = goOutputMessage(loose);
  findings.add({ kind: 'test', name: ending.name, message, place: null, line: ending.line });
}

/** Returns the test that panicked. */
function tellOfStack(
  { what, line, printed }: SeenStack,
  seen: SeenOfGoPackage,
  findings: Findings,
): string | null {
  const named = what.test();
  // A goroutine of another test may have panicked while this one was read.
  const isCurrent = seen.test !== null && (named === null || isSameTree(seen.test.name, named));
  const test = isCurrent && !named?.includes('/') ? seen.test : seen.tests.find(({ name }) => name === named);
  findings.add({
    // Without a package's end, it is the panic of a program.
    kind: seen.ending.name === '' ? 'command' : 'test',
    name: test?.name ?? named ?? what.headline,
    message: [what.message(), printed].join('\n'),
    place: what.place() ?? (test == null ? null : goOutputPlace(test.output, seen.ending.name)),
    line: test?.failedAt ?? line,
  });
  return test?.name ?? named;
}

/** The test itself, one above or one below it. */
function isSameTree(name: string, other: string | null): boolean {
  return other !== null && (`${name}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${name}/`));
}

/** Without the parents of those that failed: they only repeat it. */
function leaves(failed: readonly GoTest[]): readonly GoTest[] {
  const parents = new Set<string>();
  for (const { name } of failed) {
    for (let at = name.indexOf('/'); at !== -1; at = name.indexOf('/', at + 1))
      parents.add(name.slice(0, at));
  }
  return failed.filter(({ name }) => !parents.has(name));
}
