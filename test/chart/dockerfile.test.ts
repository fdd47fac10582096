import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import picomatch from 'picomatch';

const ROOT = new URL('../../', import.meta.url);
const DOCKERFILE = read('Dockerfile');

function read(name: string): string {
  return readFileSync(new URL(name, ROOT), 'utf8');
}

test('the image gets every file that it copies', () => {
  const copied = [...DOCKERFILE.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names]) =>
    names!.split(' '),
  );
  const allowed = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, pattern]) => picomatch(pattern!));

  expect(copied.length).toBeGreaterThan(5);
  expect(copied.filter((name) => !allowed.some((matches) => matches(name)))).toEqual([]);
});

test('the image has the Node that the tests run on', () => {
  const { devDependencies } = JSON.parse(read('package.json'));
  const [major] = devDependencies.node.split('.');

  expect(DOCKERFILE).toContain(`ARG BASE_IMAGE=docker.io/library/node:${major}-`);
});

test('the image and the chart agree on user, folder and port', () => {
  const chart = ['values.yaml', 'templates/deployment.yaml']
    .map((name) => read(`charts/tekton-ci/${name}`))
    .join();

  expect(DOCKERFILE.match(/^(USER|VOLUME|EXPOSE) .+$/gm)).toEqual([
    'USER 65532:65532',
    'VOLUME /data',
    'EXPOSE 3000',
  ]);
  for (const line of ['runAsUser: 65532', 'runAsGroup: 65532', 'mountPath: /data', 'containerPort: 3000']) {
    expect(chart).toContain(line);
  }
});
