import { z } from 'zod';
import type { BuildStage, TestStage } from '../config.ts';
import { accept, quoted, type Reading, refuse } from '../finding.ts';
import { BOOLEAN, readBoolean, readSwitch } from '../values/boolean.ts';
import { GLOB, PATH, readGlob, readPath } from '../values/path.ts';
import { WHENEVER_MAP } from './checks.ts';
import { listOf, readCommand } from './lists.ts';
import { closedMap, described, NO_BOOLEAN, scalar } from './scalar.ts';
import { checkStage, commandList, sharedShape, toolchainOf } from './stage-keys.ts';

/** A stage that is on, or `off`. */
type TestForm = 'off' | TestStage;
type BuildForm = 'off' | BuildStage;

const FORMS = 'a command, a list of commands, a map, `on` or `off`';

const testMap = closedMap(
  {
    ...sharedShape,
    report: described(
      listOf(scalar(readGlob, GLOB), GLOB),
      'Globs of JUnit XML files that the commands write; failures in them become annotations.',
      { examples: ['reports/*.xml'] },
    ).exactOptional(),
  },
  FORMS,
)
  .superRefine(checkStage, WHENEVER_MAP)
  .transform(({ go, node, python, java, rust, env = {}, report = [], ...rest }): TestStage => {
    return { ...rest, ...toolchainOf({ go, node, python, java, rust }), env, report };
  });

const goName = scalar(readGoName, 'a name such as `linux` or `arm64`');

const buildMap = closedMap(
  {
    ...sharedShape,
    output: described(scalar(readOutput, PATH), 'Where the build puts its result: a file, or a directory.', {
      examples: ['bin/', 'bin/linux/api'],
    }).exactOptional(),
    goos: described(goName, 'GOOS of a Go build.', { default: 'linux' }).exactOptional(),
    goarch: described(goName, 'GOARCH of a Go build.', { default: 'amd64' }).exactOptional(),
    cgo: described(
      scalar(readBoolean, BOOLEAN, { type: ['boolean', 'string'] }),
      'Whether a Go build uses cgo.',
      {
        default: false,
      },
    ).exactOptional(),
  },
  FORMS,
)
  .superRefine(checkStage, WHENEVER_MAP)
  .transform(({ go, node, python, java, rust, env = {}, ...rest }): BuildStage => {
    return { ...rest, ...toolchainOf({ go, node, python, java, rust }), env };
  });

/** A test stage with nothing said about it. */
export const DEFAULT_TEST: TestStage = { env: {}, report: [] };

const DEFAULT_BUILD: BuildStage = { env: {} };

export const testKey = described(
  z.union(
    [
      scalar((text) => readStage(text, DEFAULT_TEST), FORMS, NO_BOOLEAN),
      commandList.transform((commands): TestForm => ({ ...DEFAULT_TEST, commands })),
      testMap,
    ],
    { error: FORMS },
  ),
  "Tests: commands, a map, or `off`. Without it, the toolchain's own tests run.",
  { default: 'on', examples: ['on', 'off', 'make test', ['npm ci', 'npm run lint', 'npm test']] },
).exactOptional();

export const buildKey = described(
  z.union(
    [
      scalar((text) => readStage(text, DEFAULT_BUILD), FORMS, NO_BOOLEAN),
      commandList.transform((commands): BuildForm => ({ ...DEFAULT_BUILD, commands })),
      buildMap,
    ],
    { error: FORMS },
  ),
  "The build: commands, a map, or `on` for the toolchain's own.",
  { default: 'off', examples: ['on', 'make build', { output: 'bin/linux/api' }] },
).exactOptional();

function readStage<Stage extends TestStage | BuildStage>(text: string, stage: Stage): Reading<'off' | Stage> {
  const word = readSwitch(text);
  if (word !== undefined) return word.ok ? accept(word.value === 'off' ? 'off' : stage) : word;
  const read = readCommand(text);
  return read.ok ? accept({ ...stage, commands: [read.value] }) : read;
}

/** A trailing slash is kept: it tells a directory from a file. */
function readOutput(text: string): Reading<string> {
  const path = readPath(text);
  return path.ok && /\/\.?$/.test(text) ? accept(path.value === '.' ? './' : `${path.value}/`) : path;
}

function readGoName(text: string): Reading<string> {
  return /^[a-z0-9]{1,20}$/.test(text)
    ? accept(text)
    : refuse('bad-value', `${quoted(text)} is not a name that Go uses`, {
        expected: 'one of `go tool dist list`',
      });
}
