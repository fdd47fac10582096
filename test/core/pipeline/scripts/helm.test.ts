import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { HELM_SCRIPT } from '../../../../src/core/pipeline/scripts/helm.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'tekton-ci-helm-'));
const CALLS = join(ROOT, 'calls');
const DIGEST = `sha256:${'0'.repeat(64)}`;
afterAll(() => rmSync(ROOT, { recursive: true, force: true }));
beforeEach(() => rmSync(CALLS, { force: true }));

/** A helm that notes what it is told and answers as Helm 3.19 does for a release in this state. */
function helm(answers: {
  readonly status?: string;
  readonly history?: string;
  readonly upgrade?: number;
}): string {
  const bin = mkdtempSync(join(ROOT, 'bin-'));
  const script = `#!/bin/sh
echo "$*" >> "${CALLS}"
case "$1" in
  status) ${answers.status === undefined ? 'echo "Error: release: not found" >&2; exit 1' : `printf 'NAME: api\\nSTATUS: ${answers.status}\\nREVISION: 3\\n'`} ;;
  history) cat "${join(bin, 'history')}" ;;
  upgrade) exit ${answers.upgrade ?? 0} ;;
esac
`;
  writeFileSync(join(bin, 'helm'), script, { mode: 0o755 });
  writeFileSync(join(bin, 'history'), answers.history ?? '');
  return bin;
}

function deploy(bin: string, env: Record<string, string> = {}) {
  mkdirSync(join(ROOT, 'checkout/api'), { recursive: true });
  const { status, stdout, stderr } = spawnSync('sh', ['-c', HELM_SCRIPT], {
    encoding: 'utf8',
    timeout: 10_000,
    env: {
      PATH: `${bin}:/usr/bin:/bin`,
      HOME: join(ROOT, 'home'),
      TEKTON_CI_CHECKOUT: join(ROOT, 'checkout'),
      TEKTON_CI_PATH: 'api',
      TEKTON_CI_CHART: 'helm',
      TEKTON_CI_VALUES_FILES: '0',
      TEKTON_CI_SETTINGS: '0',
      TEKTON_CI_PUSHED: 'true',
      TEKTON_CI_HELM_TIMEOUT: '420s',
      IMAGE: 'ghcr.io/acme/api',
      IMAGE_TAG: '1',
      IMAGE_DIGEST: DIGEST,
      NAMESPACE: 'prod',
      RELEASE: 'api',
      ...env,
    },
  });
  return { code: status, stdout, stderr, calls: readFileSync(CALLS, 'utf8').trimEnd().split('\n') };
}

const UPGRADE =
  'upgrade --install --atomic --wait --timeout 420s --namespace prod --dependency-update' +
  ` --set-json=image.repository="ghcr.io/acme/api" --set-json=image.tag="1" --set-json=image.digest="${DIGEST}" -- api ./helm`;

/** Columns as Helm prints them: padded, and parted by tabs. */
function history(...states: readonly string[]): string {
  const rows = states.map((state, index) =>
    [
      String(index + 1).padEnd(8),
      'Mon Nov 23 09:16:21 2026',
      state.padEnd(15),
      'api-0.1.0',
      '1.0',
      'Upgrade "api" deployed',
    ].join('\t'),
  );
  return [
    'REVISION\tUPDATED                 \tSTATUS         \tCHART\tAPP VERSION\tDESCRIPTION',
    ...rows,
    '',
  ].join('\n');
}

describe('a deploy that fails', () => {
  const RESOURCES = `NAME: api
STATUS: pending-upgrade
RESOURCES:
==> v1/Deployment
NAME   READY   UP-TO-DATE   AVAILABLE   AGE
api    1/4     4            1           9s

==> v1/Pod(related)
NAME                   READY   STATUS             RESTARTS      AGE
api-79d578c6cb-27cxd   0/1     ErrImagePull       0             9s
api-79d578c6cb-4f2hs   1/1     Running            0             9s
api-79d578c6cb-9x8kq   1/2     CrashLoopBackOff   3 (20s ago)   9s
api-migrate-x2x4z      0/1     Completed          0             9s
`;

  /** Helm whose upgrade fails once its pods were looked at. */
  function failing(resources: string): string {
    const bin = helm({});
    writeFileSync(join(bin, 'resources'), resources);
    const script = `#!/bin/sh
echo "$*" >> "${CALLS}"
case "$*" in
  *--show-resources*) cat "${join(bin, 'resources')}"; touch "${join(bin, 'seen')}" ;;
  status*) exit 1 ;;
  upgrade*) until [ -e "$HOME/.tekton-ci-pods" ] && [ -e "${join(bin, 'seen')}" ]; do /bin/sleep 0.05; done; echo "Error: context deadline exceeded"; exit 3 ;;
esac
`;
    writeFileSync(join(bin, 'helm'), script, { mode: 0o755 });
    writeFileSync(join(bin, 'sleep'), '#!/bin/sh\nexec /bin/sleep 0.05\n', { mode: 0o755 });
    return bin;
  }

  test('tells below its error which pods did not get ready, and why', () => {
    const { code, stdout } = deploy(failing(RESOURCES));

    expect(code).toBe(3);
    expect(stdout.split('\n').slice(-4)).toEqual([
      'Error: context deadline exceeded',
      'pod api-79d578c6cb-27cxd: ErrImagePull, 0/1 ready, 0 restarts',
      'pod api-79d578c6cb-9x8kq: CrashLoopBackOff, 1/2 ready, 3 restarts',
      '',
    ]);
  });

  test('tells nothing of pods where all are ready, or Helm shows none', () => {
    expect(deploy(failing('NAME: api\nSTATUS: failed\n')).stdout).toMatch(
      /Error: context deadline exceeded\n$/,
    );
  });
});

describe('a chart is deployed', () => {
  test('that was never there, or is there and well, at once', () => {
    expect(deploy(helm({})).calls.slice(1)).toEqual([UPGRADE]);
    rmSync(CALLS);
    expect(deploy(helm({ status: 'deployed' })).calls.slice(1)).toEqual([UPGRADE]);
    rmSync(CALLS);
    expect(deploy(helm({ status: 'failed' })).calls.slice(1)).toEqual([UPGRADE]);
  });

  test('whose first install was cut off, after that is removed', () => {
    const { calls, stdout } = deploy(helm({ status: 'pending-install' }));

    expect(calls.slice(1)).toEqual(['uninstall api --namespace prod --wait --timeout 420s', UPGRADE]);
    expect(stdout).toContain('never installed to the end');
  });

  test.each(['pending-upgrade', 'pending-rollback'])(
    'left %s, after it is back at what is deployed',
    (status) => {
      const { calls } = deploy(
        helm({ status, history: history('superseded', 'deployed', 'failed', status) }),
      );

      expect(calls.slice(1)).toEqual([
        'history api --namespace prod',
        'rollback api 2 --namespace prod --timeout 420s',
        UPGRADE,
      ]);
    },
  );

  test('left pending with nothing deployed, after a rollback to the revision before', () => {
    const { calls } = deploy(
      helm({ status: 'pending-upgrade', history: history('failed', 'pending-upgrade') }),
    );

    expect(calls[2]).toBe('rollback api --namespace prod --timeout 420s');
  });

  test('without values of an image that this run did not push', () => {
    const { calls } = deploy(helm({}), { TEKTON_CI_PUSHED: 'false', IMAGE_DIGEST: '' });

    expect(calls.at(-1)).not.toContain('image.');
  });

  test('never without the digest of an image that was pushed', () => {
    const { code, stderr, calls } = deploy(helm({}), { IMAGE_DIGEST: '' });

    expect(code).toBe(1);
    expect(stderr).toContain('The digest of the image is not known');
    expect(calls).toHaveLength(1);
  });

  test("and Helm's failure is the step's", () => {
    expect(deploy(helm({ upgrade: 3 })).code).toBe(3);
  });
});
