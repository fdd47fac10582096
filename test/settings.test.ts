import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { DEFAULT_SETTINGS } from '../src/core/settings/default-settings.ts';
import { UserError } from '../src/core/user-error.ts';
import { type Environment, readSettings } from '../src/settings.ts';

const DIRECTORY = mkdtempSync(join(tmpdir(), 'tekton-ci-settings-'));
const FILE = join(DIRECTORY, 'settings.yml');

const ENVIRONMENT: Environment = {
  APP_ID: '1',
  PRIVATE_KEY: 'key',
  WEBHOOK_SECRET: 'secret',
  TEKTON_CI_LOCAL_RUNTIME: 'host',
};

afterAll(() => rmSync(DIRECTORY, { recursive: true }));

describe('the settings file that the environment names', () => {
  test('Without one, the defaults hold', () => {
    expect(readSettings(ENVIRONMENT).operator).toEqual(DEFAULT_SETTINGS);
    expect(readSettings({ ...ENVIRONMENT, TEKTON_CI_SETTINGS: '' }).operator).toEqual(DEFAULT_SETTINGS);
  });

  test('What it says holds', () => {
    writeFileSync(FILE, 'namespace: tekton-tasks\n');

    const { operator } = readSettings({ ...ENVIRONMENT, TEKTON_CI_SETTINGS: FILE });

    expect(operator).toEqual({ ...DEFAULT_SETTINGS, namespace: 'tekton-tasks' });
  });

  test('All that is wrong with it is told at once, next to what is wrong with the environment', () => {
    writeFileSync(FILE, 'layout: pods\nbots: [not a login]\n');

    const message = messageOf({ ...ENVIRONMENT, APP_ID: '', TEKTON_CI_SETTINGS: FILE });

    expect(message.split('\n')).toEqual([
      'tekton-ci cannot start:',
      '  - APP_ID is missing',
      `  - ${FILE}:1:9: \`pods\` is not one of the possible values; expected \`pod\` or \`tasks\` (bad-value)`,
      `  - ${FILE}:2:8: \`not a login\` is not a login of GitHub; expected the login of an account, such as \`renovate[bot]\` (bad-name)`,
    ]);
  });

  test('One that cannot be read is told, with the reason', () => {
    const message = messageOf({ ...ENVIRONMENT, TEKTON_CI_SETTINGS: join(DIRECTORY, 'missing.yml') });

    expect(message).toMatch(/TEKTON_CI_SETTINGS cannot be read: .*ENOENT/);
  });
});

describe('what executes steps', () => {
  test('Steps run in containers unless the environment says otherwise', () => {
    const { TEKTON_CI_LOCAL_RUNTIME: _, ...environment } = ENVIRONMENT;

    expect(readSettings(environment).localRuntime).toBe('auto');
    expect(messageOf({ ...environment, TEKTON_CI_LOCAL_RUNTIME: 'crun' })).toContain(
      'TEKTON_CI_LOCAL_RUNTIME must be one of auto, podman, docker, host, not "crun"',
    );
  });

  test('Podman and docker see what tells them where things are, and nothing else', () => {
    const seen = {
      PATH: '/bin',
      HOME: '/home/ci',
      DOCKER_HOST: 'unix:///run/d.sock',
      https_proxy: 'http://p',
    };

    expect(readSettings({ ...ENVIRONMENT, ...seen, NPM_TOKEN: 'x' }).runtimeEnvironment).toEqual(seen);
    expect(readSettings(ENVIRONMENT).runtimeEnvironment).toEqual({ PATH: '/usr/local/bin:/usr/bin:/bin' });
  });
});

function messageOf(environment: Environment): string {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('the settings were taken');
}
