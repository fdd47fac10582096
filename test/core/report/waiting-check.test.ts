import { describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../../src/core/config/parse-config.ts';
import type { Changes } from '../../../src/core/plan/select-projects.ts';
import { waitingReport } from '../../../src/core/report/waiting-check.ts';
import { SHA } from '../plan/examples.ts';

const PARSED = parseConfig('node: 24\ntest: npm test\n');
const CONFIG = PARSED.ok ? PARSED.config : { monorepo: false, projects: [] };

function report(changes: Changes, pull = '12') {
  return waitingReport({ sha: SHA, ref: { kind: 'pull', name: pull } }, { changes, config: CONFIG });
}

function changed(...files: string[]): Changes {
  return { kind: 'files', files, against: 'main' };
}

describe('the check of a pull request that waits', () => {
  test('asks for an approval of exactly this commit', () => {
    const { conclusion, output, buttons, page } = report(changed('README.md'));

    expect(conclusion).toBe('action_required');
    expect(output.title).toBe('Waits for approval');
    expect(output.summary).toContain(`\`/tekton-ci approve ${SHA}\``);
    expect(output.summary).toContain('It changes no file that decides what the run does');
    expect(page.summary).toContain(`/tekton-ci approve ${SHA}`);
    expect(buttons).toEqual([
      { label: 'Approve and run', description: expect.any(String), identifier: 'approve-12' },
    ]);
  });

  test('has a button within the limits of GitHub, whatever the number is', () => {
    const [button] = report(changed(), '999999999').buttons ?? [];

    expect(button?.label.length).toBeLessThanOrEqual(20);
    expect(button?.description.length).toBeLessThanOrEqual(40);
    expect(button?.identifier.length).toBeLessThanOrEqual(20);
  });

  test('lists what decides about the run', () => {
    const { output, page } = report(changed('README.md', '.tekton-ci.yml', 'package.json'));

    expect(output.summary).toContain('- .tekton-ci.yml\n- package.json');
    expect(output.summary).not.toContain('README');
    expect(page.summary).toContain('.tekton-ci.yml\npackage.json');
  });

  test('says so when GitHub cannot list it', () => {
    const because = 'GitHub cannot list all that changed since main';

    expect(report({ kind: 'everything', because }).output.summary).toContain(`- ${because}`);
  });

  test('lists fifty, and counts the others', () => {
    const files = Array.from({ length: 53 }, (_, index) => `p${index}/package.json`);

    const { summary } = report(changed(...files)).output;

    expect(summary.match(/package\.json/g)).toHaveLength(50);
    expect(summary).toContain('- and 3 more');
  });

  test.each([
    'a\n\n# Approved by octo\n/package.json',
    '<img src=x onerror=alert(1)>/package.json',
    '[click](https://evil.example)/package.json',
    '@octo/package.json',
    '`/tekton-ci approve`/package.json',
    '-->/package.json',
  ])('shows a hostile name as text: %j', (file) => {
    const { summary } = report(changed(file)).output;

    const line = summary.split('\n').at(-1) ?? '';
    expect(line).toMatch(/^- /);
    expect(line).toMatch(/package\.json$/);
    expect(line).not.toMatch(/(?<!\\)[<>@`[\]()]/);
  });
});
