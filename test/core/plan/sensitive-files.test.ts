import { describe, expect, test } from '@jest/globals';
import type { Config } from '../../../src/core/config/config.ts';
import { parseConfig } from '../../../src/core/config/parse-config.ts';
import { sensitiveFiles, sensitiveNotice } from '../../../src/core/plan/sensitive-files.ts';

function config(text: string): Config {
  const parsed = parseConfig(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

const ONE = config(`
node: 24
test: [./scripts/ci.sh --fast, "sh -c 'tools/check && make'"]
image: { name: ghcr.io/acme/api, dockerfile: docker/api }
deploy: { chart: ./helm/, to: production }
`);

const SEVERAL = config(`
node: 24
projects:
  web: { test: ./ci.sh, image: { name: ghcr.io/acme/web, dockerfile: build/image } }
  api: { path: services/api, test: make, deploy: { chart: chart, to: api } }
`);

describe('files that decide what a run does', () => {
  test.each([
    '.tekton-ci.yml',
    'Dockerfile',
    'web/Dockerfile',
    'api.Dockerfile',
    'Dockerfile.dev',
    'Containerfile',
    'docker/api',
    'helm/values.yaml',
    'helm/templates/x.yaml',
    'other/Chart.yaml',
    'scripts/ci.sh',
    'tools/check',
    'package-lock.json',
    'web/yarn.lock',
    'go.sum',
    'package.json',
    '.nvmrc',
    'pom.xml',
    'Makefile',
    '.npmrc',
    '.gitmodules',
  ])('are such as %s', (file) => {
    expect(sensitiveFiles([file], ONE)).toEqual([file]);
  });

  test.each([
    'README.md',
    'src/index.js',
    'scripts/other.sh',
    'helmet/x',
    'docs/.tekton-ci.yml.md',
    'Dockerfiles/a',
    'ci.sh',
  ])('are not such as %s', (file) => {
    expect(sensitiveFiles([file], ONE)).toEqual([]);
  });

  test.each([
    ['web/ci.sh', true],
    ['ci.sh', false],
    ['services/api/ci.sh', true],
    ['web/build/image', true],
    ['build/image', false],
    ['services/api/chart/values.yaml', true],
    ['chart/values.yaml', false],
  ])('are told by their project: %s', (file, isSensitive) => {
    // The config of one project says nothing of what another one's folder holds, but a name is looked for in each.
    expect(sensitiveFiles([file], SEVERAL).length > 0).toBe(isSensitive);
  });
});

describe('the notice of them', () => {
  test('is none without any', () => {
    expect(sensitiveNotice({ kind: 'files', files: ['README.md'], against: 'main' }, ONE)).toEqual([]);
  });

  test('names ten, and counts the others', () => {
    const files = Array.from({ length: 12 }, (_, index) => `p${index}/package.json`);

    expect(sensitiveNotice({ kind: 'files', files, against: 'main' }, ONE)).toEqual([
      `it changes what decides about the run: ${files.slice(0, 10).join(', ')} and 2 more`,
    ]);
  });

  test('says when nobody knows', () => {
    expect(sensitiveNotice({ kind: 'everything', because: 'GitHub cannot list all' }, ONE)).toEqual([
      'what decides about the run may have changed: GitHub cannot list all',
    ]);
  });
});
