import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { UserError } from '../../src/core/user-error.ts';
import { loadKubeConfig, requireServer } from '../../src/tekton/kube-config.ts';

let directory: string;
const before = process.env.KUBECONFIG;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tekton-ci-kubeconfig-'));
});

afterEach(() => {
  if (before === undefined) delete process.env.KUBECONFIG;
  else process.env.KUBECONFIG = before;
  rmSync(directory, { recursive: true });
});

function write(text: string): void {
  const file = join(directory, 'config');
  writeFileSync(file, text);
  process.env.KUBECONFIG = file;
}

function config(server: string, context = 'here'): string {
  return JSON.stringify({
    clusters: [{ name: 'one', cluster: { server } }],
    users: [{ name: 'me', user: { token: 'secret-token' } }],
    contexts: [{ name: 'here', context: { cluster: 'one', user: 'me' } }],
    'current-context': context,
  });
}

test('the API server is that of the current context', () => {
  write(config('https://kubernetes.example.com:6443/'));

  expect(requireServer(loadKubeConfig())).toBe('https://kubernetes.example.com:6443');
});

test.each([
  ['no-kubernetes', 'without a current context', config('https://kubernetes.example.com', 'nowhere')],
  ['kubernetes-without-tls', 'with an address that is open to all', config('http://kubernetes.example.com')],
  ['kubeconfig-unreadable', 'that is no YAML', '{{'],
])('it is refused as %s %s', (code, _why, text) => {
  write(text);

  const refusal = (() => {
    try {
      return loadKubeConfig();
    } catch (error) {
      return error;
    }
  })();

  expect(refusal).toBeInstanceOf(UserError);
  expect(refusal).toMatchObject({ code });
  expect(String(refusal)).not.toContain('secret-token');
});
