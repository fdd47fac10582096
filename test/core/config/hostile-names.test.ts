import { describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../../src/core/config/parse-config.ts';

/** Text that would be a command, a reference or a flag to somebody behind the config. */
const HOSTILE = [
  '$(touch pwned)',
  '`touch pwned`',
  'x; touch pwned',
  'x"y',
  "x'y",
  'x\ny',
  '$(params.x)',
  '$(context.pipelineRun.name)',
  '$(workspaces.source.path)',
  '$$(x)',
  '$HOME',
  '-x',
  '--help',
  'x y',
  'x\\y',
  '日本',
  'x'.repeat(10_240),
];

/** Where a name ends up that Tekton, Kubernetes, kaniko or Helm would read as theirs, outside of `env` and `args`. */
const PLACES: readonly (readonly [string, (name: string) => object])[] = [
  ['the image of `use`', (name) => ({ use: name, test: 'make' })],
  ['the name of an image', (name) => ({ image: name })],
  ['a tag of an image', (name) => ({ image: { name: 'acme/api', tags: [name] } })],
  ['a target of a Dockerfile', (name) => ({ image: { name: 'acme/api', target: name } })],
  ['the name of a build argument', (name) => ({ image: { name: 'acme/api', build_args: { [name]: 1 } } })],
  ['a flag of the image builder', (name) => ({ image: { name: 'acme/api', args: [name] } })],
  ['the image of a service', (name) => ({ services: { db: { image: name, ready: 'off' } } })],
  ['the name of a service', (name) => ({ services: { [name]: 'postgres' } })],
  ['the name of a variable', (name) => ({ env: { [name]: 'x' } })],
  ['the name of a secret', (name) => ({ secrets: [name] })],
  ['the name of a project', (name) => ({ projects: { [name]: { path: 'api' } } })],
  ['the name of a target', (name) => ({ deploy: { to: name, chart: 'helm' } })],
  ['a namespace', (name) => ({ deploy: { chart: 'helm', namespace: name } })],
  ['a release', (name) => ({ deploy: { chart: 'helm', release: name } })],
  ['a version', (name) => ({ go: name })],
];

describe.each(PLACES)('%s', (_place, configOf) => {
  test.each(HOSTILE)('is never %j', (name) => {
    expect(parseConfig(JSON.stringify(configOf(name)))).toMatchObject({ ok: false });
  });
});

/** Of a path only what a file could not be called in any shell is refused: the rest arrives as it is. */
const PATHS: readonly (readonly [string, (path: string) => object])[] = [
  ['the path of a project', (path) => ({ projects: { api: { path } } })],
  ['a Dockerfile', (path) => ({ image: { name: 'acme/api', dockerfile: path } })],
  ['a build context', (path) => ({ image: { name: 'acme/api', context: path } })],
  ['a chart', (path) => ({ deploy: path })],
  ['a values file', (path) => ({ deploy: { chart: 'helm', values: path } })],
  ['a path of the cache', (path) => ({ cache: [path] })],
];

describe.each(PATHS)('%s', (_place, configOf) => {
  test.each([
    ...HOSTILE.filter((path) => /[$\\\n]|x{300}/.test(path)),
    '../x',
    '/etc/passwd',
    '~/x',
    'a/../../x',
  ])('is never %j', (path) => {
    expect(parseConfig(JSON.stringify(configOf(path)))).toMatchObject({ ok: false });
  });
});
