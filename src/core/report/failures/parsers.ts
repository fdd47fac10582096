import type { FailureParser } from './failure-parser.ts';
import { gcc } from './gcc.ts';
import { go } from './go/go.ts';
import { goDownloads } from './go/go-downloads.ts';
import { golangciLint } from './go/golangci-lint.ts';
import { eslint } from './javascript/eslint.ts';
import { jest } from './javascript/jest.ts';
import { mocha } from './javascript/mocha.ts';
import { nodeProgram } from './javascript/node-program.ts';
import { nodeTest } from './javascript/node-test.ts';
import { npm } from './javascript/npm.ts';
import { tap } from './javascript/tap.ts';
import { tsc } from './javascript/tsc.ts';
import { vitest } from './javascript/vitest.ts';
import { gradle } from './jvm/gradle.ts';
import { javac } from './jvm/javac.ts';
import { maven } from './jvm/maven.ts';
import { kaniko, kanikoRun } from './kaniko/kaniko.ts';
import { helm } from './kubernetes/helm.ts';
import { kubectl } from './kubernetes/kubectl.ts';
import { mypy } from './python/mypy.ts';
import { pip } from './python/pip.ts';
import { pytest } from './python/pytest.ts';
import { pythonProgram } from './python/python-program.ts';
import { ruff } from './python/ruff.ts';
import { unittest } from './python/unittest.ts';
import { cargo } from './rust/cargo.ts';
import { shell } from './shell.ts';

/** Every tool whose failures are understood. */
export const PARSERS: readonly FailureParser[] = [
  go,
  goDownloads,
  golangciLint,
  cargo,
  gcc,
  shell,
  jest,
  vitest,
  mocha,
  nodeTest,
  tap,
  tsc,
  eslint,
  npm,
  nodeProgram,
  pytest,
  unittest,
  ruff,
  mypy,
  pip,
  pythonProgram,
  kaniko,
  kanikoRun,
  helm,
  kubectl,
  maven,
  gradle,
  javac,
];
