import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { createRecordingCli, runCli } from './recording-cli.ts';

const REFERENCE = new URL('../../docs/reference/cli.md', import.meta.url);

test.each([[], ['lint'], ['plan'], ['render'], ['run'], ['demo'], ['server']])(
  'docs/reference/cli.md has the help of "tekton-ci %s" as it is printed',
  async (...command) => {
    const { stdout } = await runCli(createRecordingCli('/'), ...command, '--help');

    const argv = ['tekton-ci', ...command, '--help'].join(' ');
    const [, after = ''] = readFileSync(REFERENCE, 'utf8').split(`$ ${argv}\n`);
    expect(after.split('```')[0]).toBe(stdout);
  },
);
