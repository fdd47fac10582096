import { collectFindings } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import type { Place } from '../finding.ts';

/** `shop/order.py:12:16:12:25: error: "Line" has no attribute "prize"  [attr-defined]`; line, columns and code may be missing. */
const TOLD =
  /^(?<path>[^\s:][^:]{0,500}\.pyi?):(?:(?<line>\d{1,7}):(?:(?<column>\d{1,6}):(?:(?<endLine>\d{1,7}):\d{1,6}:)?)?)? (?<what>error|note): (?<text>.{1,4000})$/;
const CODE = / {1,2}\[(?<code>[a-z][a-z-]{1,60})\]$/;
/** It cannot run at all. */
const BROKEN = /^mypy: (?:error: |can't )/;

interface Entry {
  /** `--pretty` breaks it over several lines. */
  text: string;
  readonly notes: string[];
  readonly place: Place;
  readonly line: number;
}

/** @see https://mypy.readthedocs.io/en/stable/command_line.html#configuring-error-messages */
export const mypy: FailureParser = {
  name: 'mypy',
  commands: /\bmypy\b/,
  start,
};

function start(): Reading {
  const findings = collectFindings();
  const told = new Set<string>();
  let entry: Entry | null = null;

  const close = () => {
    if (entry !== null) {
      const { text, notes, place, line } = entry;
      const name = nameOf(text);
      const key = `${place.path}:${place.line}:${place.column} ${name}`;
      if (!told.has(key)) findings.add({ kind: 'lint', name, message: notes.join('\n'), place, line });
      if (told.size < 2000) told.add(key);
    }
    entry = null;
  };
  const begin = (text: string, number: number): boolean => {
    const found =
      text.includes(': error: ') || text.includes(': note: ') ? TOLD.exec(text)?.groups : undefined;
    if (found?.path === undefined || found.text === undefined) return false;
    if (found.what === 'note') {
      if (entry?.place.line === Number(found.line)) entry.notes.push(found.text);
    } else {
      close();
      entry = { text: found.text, notes: [], place: placeOf(found.path, found), line: number };
    }
    return true;
  };
  const more = (into: Entry, text: string) => {
    if (text.startsWith('    ')) {
      if (!/^[ ^~]*$/.test(text) && into.notes.length === 0) into.notes.push(`> ${text.trim()}`);
    } else if (CODE.test(into.text) || text === '' || text.startsWith('Found ')) close();
    else into.text = `${into.text.trimEnd()} ${text}`.slice(0, 4000);
  };
  return {
    line(text, number) {
      if (begin(text, number)) return;
      if (entry !== null) more(entry, text);
      else if (text.startsWith('mypy: ') && BROKEN.test(text)) {
        findings.add({ kind: 'command', name: text, place: null, line: number });
      }
    },
    end() {
      close();
      return findings.all();
    },
  };
}

function nameOf(text: string): string {
  const code = CODE.exec(text);
  return code?.groups === undefined ? text : `${code.groups.code}: ${text.slice(0, code.index).trim()}`;
}

function placeOf(path: string, found: Readonly<Record<string, string | undefined>>): Place {
  return {
    path,
    line: Number(found.line ?? 1),
    ...(found.column === undefined ? {} : { column: Number(found.column) }),
    ...(found.endLine === undefined ? {} : { endLine: Number(found.endLine) }),
  };
}
