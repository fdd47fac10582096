import type { CommandListener } from './command-lines.ts';
import type { FailureParser, Reading } from './failure-parser.ts';
import type { Finding } from './finding.ts';
import { PARSERS } from './parsers.ts';

/** What the command that failed says of failures. */
export interface FailureFinder extends CommandListener {
  /** In the order of the log; empty when nothing is understood. */
  end(): readonly Finding[];
}

type Readings = readonly (readonly [FailureParser, Reading])[];

/**
 * Finds failures in what a command prints. Of several tools whose form is found, those that the command names count before the others: a
 * test may print anything.
 */
export function createFailureFinder(parsers: readonly FailureParser[] = PARSERS): FailureFinder {
  let title = '';
  let readings: Readings = [];
  return {
    begin(command) {
      title = command;
      readings = parsers.map((parser) => [parser, parser.start(command)]);
    },
    line(text, number) {
      for (const [, reading] of readings) reading.line(text, number);
    },
    end: () => choose(title, readings),
  };
}

interface Found {
  readonly parser: FailureParser;
  readonly findings: readonly Finding[];
}

function choose(title: string, readings: Readings): readonly Finding[] {
  const found = readings
    .map(([parser, reading]): Found => ({ parser, findings: reading.end() }))
    .filter(({ findings }) => findings.length > 0);
  const sure = found.filter(({ parser }) => parser.isLastResort !== true);
  const named = sure.filter(({ parser }) => parser.commands.test(title));
  const best = [named, outermost(sure), sure, found].find((some) => some.length > 0) ?? [];
  return best.flatMap(({ findings }) => findings).toSorted((one, other) => one.line - other.line);
}

/** A test may print any tool's failure, another test runner's too; then the one that speaks last runs the others. */
function outermost(found: readonly Found[]): readonly Found[] {
  const runners = found.filter(({ findings }) => findings.some(({ kind }) => kind === 'test'));
  const lastLine = ({ findings }: Found) => findings.at(-1)?.line ?? 0;
  return runners.toSorted((one, other) => lastLine(other) - lastLine(one)).slice(0, 1);
}
