import { at, run, startTestSite, step } from '../web/test-site.ts';
import { CLONE_LOG, FAILED_TEST_LOG, HOSTILE_LOG } from './sample-logs.ts';

/** A site with finished runs to look at: `failed`, `hostile`, and `fine`, which is the second attempt at `failed`. */
export async function startSampleSite() {
  const site = await startTestSite();
  const attempts = [
    { attempt: 1, name: 'failed', state: 'failure' as const },
    { attempt: 2, name: 'fine', state: 'success' as const },
  ];
  // Long after the end of all runs.
  site.parts.now = () => at(3_600);
  const decisions = ['Go 1.25 from go.mod', 'No image: there is no Dockerfile'];
  site.runs.set('failed', run({ name: 'failed', attempts, decisions, trigger: 'fix: trailing slashes' }));
  site.runs.set('hostile', run({ name: 'hostile' }));
  const fine = { name: 'fine', attempt: 2, attempts, state: 'success', title: 'Succeeded in 50 s' } as const;
  const steps = [step('clone', 'succeeded', 0, 3), step('test', 'succeeded', 3, 50)];
  site.runs.set('fine', run({ ...fine, steps }));
  for (const name of ['failed', 'fine', 'hostile']) await site.write(name, { stage: 'clone' }, CLONE_LOG);
  let seconds = 3;
  for (const line of FAILED_TEST_LOG.split(/(?<=\n)/)) {
    await site.write('failed', { stage: 'test' }, line, seconds);
    seconds += 0.6;
  }
  await site.write('hostile', { stage: 'test' }, HOSTILE_LOG, 4);
  await site.write(
    'fine',
    { stage: 'test' },
    '::group::go vet ./...\n::endgroup::\n::group::go test ./...\n',
    4,
  );
  await site.write('fine', { stage: 'test' }, 'ok  \tgithub.com/acme/api\t0.2s\n::endgroup::\n', 9);
  return { ...site, url: (name: string) => `http://127.0.0.1:${site.port}${site.page(name)}` };
}
