import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { dump, load } from 'js-yaml';
import { createEventWorld } from './event-world.ts';
import type { Given } from './github-state.ts';
import { type Outcome, watch } from './outcome.ts';
import { createPlayer } from './play.ts';

const CASES = new URL('../cases/events/', import.meta.url).pathname;

interface Row {
  /** What happens at GitHub, in the words of the documentation. */
  readonly event: string;
  /** The most that it asks of GitHub, without tokens, which are kept for others too. */
  readonly requests?: number;
  /** What is promised for it; every promise has a case. */
  readonly promises: Readonly<Record<string, string>>;
}

interface Case {
  /** The promise that it shows, by its key in the row. */
  readonly shows: string;
  readonly given?: Given;
  /** One line, or several where it takes more than one event. */
  readonly when: string | readonly string[];
  /** What comes of it. */
  readonly outcome?: Outcome;
  /** Decisions, reasons and answers that are among those that are told. */
  readonly because?: readonly string[];
}

const rows = load(readFileSync(join(CASES, 'rows.yml'), 'utf8')) as Readonly<Record<string, Row>>;

function casesOf(
  row: string,
): readonly { readonly name: string; readonly file: string; readonly it: Case }[] {
  return readdirSync(join(CASES, row))
    .toSorted()
    .map((name) => {
      const file = join(CASES, row, name);
      return { name: name.replace(/\.yml$/, ''), file, it: load(readFileSync(file, 'utf8')) as Case };
    });
}

test('every folder of cases is a row of the table', () => {
  const folders = readdirSync(CASES, { withFileTypes: true }).filter((entry) => entry.isDirectory());

  expect(folders.map(({ name }) => name).toSorted()).toEqual(Object.keys(rows).toSorted());
});

describe.each(Object.entries(rows))(
  '%s',
  (folder, { promises, requests: most = Number.POSITIVE_INFINITY }) => {
    const cases = casesOf(folder);

    test('has a case for everything that is promised', () => {
      expect([...new Set(cases.map(({ it }) => it.shows))].toSorted()).toEqual(
        Object.keys(promises).toSorted(),
      );
    });

    test.each(cases)('$name', async ({ it, file }) => {
      const world = await createEventWorld(it.given ?? {});
      const play = createPlayer(world);
      await play(it.given?.happened ?? []);
      const watched = watch(world);

      await play([it.when].flat());
      await world.stop();

      const outcome = watched.outcome();
      if (process.env.UPDATE_CASES === '1') rewrite(file, it, outcome);
      expect(outcome).toEqual(it.outcome ?? {});
      const asked = (outcome.requests ?? []).filter((request) => !request.startsWith('token'));
      expect(asked.length).toBeLessThanOrEqual(most);
      const told = watched.reasons();
      for (const reason of it.because ?? []) expect(told).toContainEqual(expect.stringContaining(reason));
    });
  },
);

/** With UPDATE_CASES=1 the outcome is written down as it is, to be read before it is kept. */
function rewrite(file: string, { outcome: _, because, ...rest }: Case, outcome: Outcome): void {
  const written = { ...rest, outcome, ...(because && { because }) };
  writeFileSync(file, dump(written, { lineWidth: 140, noRefs: true }));
}
