import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { helpText } from '../../src/core/commands/help-text.ts';
import { parseCommands } from '../../src/core/commands/parse-commands.ts';
import type { RunStatus } from '../../src/core/pipeline/run-status.ts';
import { gateCheck } from '../../src/core/report/gate-check.ts';
import { createRecordingCli, runCli } from '../cli/recording-cli.ts';
import { git, repositoryOf, write } from '../cli/temporary-repository.ts';

const COMMANDS = readFileSync('docs/guide/commands.md', 'utf8');
const PACKAGE = '{ "scripts": { "test": "node --test" } }';
const MONOREPO = readFileSync('docs/guide/monorepo.md', 'utf8');

test('docs/guide/commands.md has what a mistyped command is answered', () => {
  const [command] = parseCommands('/tekton-ci retset');

  expect(command).toMatchObject({ kind: 'unclear' });
  const advice = command?.kind === 'unclear' ? command.advice : '';
  expect(unquoted(COMMANDS)).toContain(`${advice}\n\n${helpText()}\n`);
});

test('docs/guide/commands.md has the answer that the demo shows in docs/guide/pull-requests.md', () => {
  const shown = readFileSync('docs/guide/pull-requests.md', 'utf8').replace(/^ {4}/gm, '');
  const [answer = ''] = /^What was decided about[\s\S]*?\n\n[\s\S]*?\n\n/m.exec(unquoted(COMMANDS)) ?? [];

  expect(answer).toContain('- test: runs');
  expect(shown).toContain(answer);
});

test('docs/guide/monorepo.md has the plan of its own config', async () => {
  const root = repositoryOf({
    '.tekton-ci.yml': block(MONOREPO, 'yaml'),
    'web/package.json': PACKAGE,
    'services/api/package.json': PACKAGE,
  });
  git(root, 'checkout', '--quiet', '-b', 'feature');
  write(root, { 'libs/a.js': '' });
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '--message', 'second');

  const { stdout } = await runCli(createRecordingCli(root), 'plan');

  const [sha = ''] = stdout.split(' ');
  expect(block(MONOREPO, 'text')).toBe(`$ npx tekton-ci plan\n${stdout.replace(sha, '1f0c2d7')}`);
});

test('docs/guide/monorepo.md has the gate that comes of that plan', () => {
  const [, skipped = ''] = /^api\n {2}(skipped: .+)$/m.exec(MONOREPO) ?? [];
  const status: RunStatus = {
    phase: 'done',
    verdict: 'succeeded',
    results: {},
    steps: [{ stage: 'test', state: 'succeeded', startedAt: new Date(0), finishedAt: new Date(41_000) }],
    finishedAt: new Date(41_000),
  };

  const { output } = gateCheck({
    checkName: 'tekton-ci',
    externalId: '',
    sha: '',
    detailsUrl: '',
    rows: [
      { project: 'web', status, url: '' },
      { project: 'api', skipped },
    ],
  });

  const table = output.summary.replace('[web]()', 'web').replaceAll('\\', '');
  expect(unquoted(MONOREPO)).toContain(`**${output.title}**\n\n${table}\n`);
});

function unquoted(page: string): string {
  return page.replace(/^> ?/gm, '');
}

/** The page's first block of that language. */
function block(page: string, language: string): string {
  return new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page)?.[1] ?? '';
}
