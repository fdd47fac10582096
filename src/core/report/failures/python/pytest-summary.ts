import type { Finding, Place } from '../finding.ts';
import type { PytestEntry } from './pytest-entry.ts';

type Told = Omit<Finding, 'level'>;

/** `FAILED tests/test_order.py::TestOrder::test_total[1] - assert 7 == 8`; what is in brackets may hold anything. */
const LINE =
  /^(?<what>FAILED|ERROR) (?<id>[^\s[]{1,1000}(?:\[.{1,1000}?\](?= - |$))?)(?: - (?<text>.{0,4000}))?$/;
/** `ERROR at setup of test_total`, `ERROR collecting tests/test_order.py` */
const OF = /^(?<what>ERROR (?:at \w{1,20}|collecting))(?: of)? /;
const MOST_LINES = 2000;

interface Line {
  readonly id: string;
  readonly text: string;
  readonly line: number;
}

/** The summary in the end tells the full names; the reports above it tell why. */
export interface PytestSummary {
  line(text: string, number: number): void;
  /** Of a failure that is told in one line, in the order of the summary. */
  brief(place: Place): void;
  /** Each failure once. */
  join(entries: readonly PytestEntry[]): readonly Told[];
}

export function createPytestSummary(): PytestSummary {
  const failed: Line[] = [];
  const errors: Line[] = [];
  const briefs: Place[] = [];
  return {
    line(text, number) {
      if (!text.startsWith('FAILED ') && !text.startsWith('ERROR ')) return;
      const found = LINE.exec(text)?.groups;
      const into = found?.what === 'FAILED' ? failed : errors;
      if (found?.id !== undefined && into.length < MOST_LINES) {
        into.push({ id: found.id, text: found.text ?? '', line: number });
      }
    },
    brief: (place) => void (briefs.length < MOST_LINES && briefs.push(place)),
    join(entries) {
      const names = namesOf([...errors, ...failed]);
      const told = entries.map((entry) => findingOf(entry, names));
      const known = new Set(told.map(({ name }) => name));
      const places = briefs.length === failed.length ? briefs : [];
      const rest = [...errors, ...failed].filter(({ id }) => !known.has(id));
      return [...told, ...rest.map((line) => ofLine(line, places[failed.indexOf(line)] ?? null))];
    },
  };
}

/** Full names by what the reports' headings show of them. */
function namesOf(lines: readonly Line[]): ReadonlyMap<string, string[]> {
  const names = new Map<string, string[]>();
  for (const { id } of lines) {
    const from = id.indexOf('::');
    const heading = from === -1 ? id : withDots(id.slice(from + 2));
    names.set(heading, [...(names.get(heading) ?? []), id]);
  }
  return names;
}

/** `TestOrder::test_total[a::b]` is shown as `TestOrder.test_total[a::b]`. */
function withDots(id: string): string {
  const bracket = id.indexOf('[');
  const end = bracket === -1 ? id.length : bracket;
  return id.slice(0, end).replaceAll('::', '.') + id.slice(end);
}

/** Tests of the same name in several files are told in the order of the summary. */
function findingOf(entry: PytestEntry, names: ReadonlyMap<string, string[]>): Told {
  const { heading, number } = entry;
  const before = OF.exec(heading);
  const shown = heading.slice(before?.[0].length ?? 0);
  const ids = names.get(shown);
  const name = (ids !== undefined && ids.length > 1 ? ids.shift() : ids?.[0]) ?? shown;
  const message = before === null ? entry.message() : `${before.groups?.what}:\n${entry.message()}`;
  return { kind: 'test', name, message: message.trim(), place: entry.place(), line: number };
}

function ofLine({ id, text, line }: Line, place: Place | null): Told {
  return { kind: 'test', name: id, message: text, place, line };
}
