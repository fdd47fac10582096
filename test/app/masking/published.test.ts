import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunStatus } from '../../../src/core/pipeline/run-status.ts';
import type { CheckOutput } from '../../../src/core/report/check.ts';
import { type FailingLog, failingLog, TOOLS, type Tool } from './failing-logs.ts';
import { type GeneratedSecret, generatedSecrets } from './generated-secrets.ts';
import { type Published, readingsOf, startPublisher } from './published.ts';
import { leakIn, piecesOf, withoutRemains } from './written-secrets.ts';

const SECRETS = generatedSecrets(2000);
/** All that they are written in is told: 150 annotations a check, and 1,000 lines of a page. */
const AT_ONCE = 13;

let publisher: Awaited<ReturnType<typeof startPublisher>>;

beforeAll(async () => {
  publisher = await startPublisher();
});
afterAll(() => publisher.close());

const FAILED: RunStatus = {
  phase: 'done',
  verdict: 'failed',
  cause: { kind: 'step', step: { stage: 'test' }, exitCode: 1 },
  steps: [
    { stage: 'clone', state: 'succeeded' },
    { stage: 'test', state: 'failed', exitCode: 1 },
  ],
  results: {},
  finishedAt: new Date(Date.UTC(2026, 10, 23, 12)),
};

/** Pieces of what is published where every secret is masked already. */
async function ambientPieces(tool: Tool, secrets: readonly GeneratedSecret[]): Promise<ReadonlySet<string>> {
  const one = [...new Map(secrets.map((secret) => [secret.show('***'), secret])).values()];
  const chunks = [Buffer.from(failingLog(tool, one).masked)];
  return piecesOf(
    Object.values(await publisher.publish({ secrets: [], chunks, status: FAILED })).flatMap(readingsOf),
  );
}

/** Cut in the middle of some of its secrets. */
function chunksOf({ bytes, insides }: FailingLog): readonly Uint8Array[] {
  const cuts = [0, ...insides.filter((_, nth) => nth % 25 === 12), bytes.length];
  return cuts.slice(1).map((end, nth) => bytes.subarray(cuts[nth], end));
}

describe.each(TOOLS.map((tool, index) => [tool.name, tool, index] as const))(
  'of what %s says',
  (_name, tool, index) => {
    const share = Math.ceil(SECRETS.length / TOOLS.length);
    const secrets = SECRETS.slice(index * share, (index + 1) * share);

    test(`none of ${share} secrets leaves, and all of the rest does`, async () => {
      const ambient = await ambientPieces(tool, secrets);
      for (let from = 0; from < secrets.length; from += AT_ONCE) {
        const some = secrets.slice(from, from + AT_ONCE);
        const failing = failingLog(tool, some);
        const given = some.filter((secret) => secret.given).map(({ value }) => value);

        const published = await publisher.publish({
          secrets: given,
          chunks: chunksOf(failing),
          status: FAILED,
        });

        const [log, wanted] = [published['file test.log']!, failing.masked].map(withoutRemains);
        // Compared first: Jest takes its time with long texts.
        if (log !== wanted) expect(log!.split('\n')).toEqual(wanted!.split('\n'));
        expect(published['page/logs/test']).toBe(`200\n${published['file test.log']}`);
        expectTold(published, tool, failing.hidden.length);
        const pieces = piecesOf(failing.hidden, ambient);
        expect(leakIn(Object.values(published).flatMap(readingsOf), pieces)).toBeNull();
      }
    });
  },
);

/** The log came through to all places that it has to come to. */
function expectTold(published: Published, tool: Tool, failures: number): void {
  const { output } = JSON.parse(published.check!) as { output: CheckOutput };
  for (const where of ['page', 'page/logs/test/lines?from=1&count=1000', 'check'])
    expect(published[where]).toContain('***');
  expect(published['page/events']).toContain('"word":"Failed"');
  expect(published['page/logs/test/outline']).toContain('"groups":[{');
  expect(output.summary).toContain('***');
  if (tool.file === undefined) return;
  expect(output.annotations.length).toBeGreaterThan(failures / 2);
  const others = output.annotations.filter(
    ({ path, message }) => path !== tool.file || !message.includes('***'),
  );
  expect(others).toEqual([]);
}
