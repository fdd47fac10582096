import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';

export const IMAGE = 'localhost/tekton-ci-test:1';
/** Nothing but two programs in `/kaniko`, as kaniko's own image has no shell either. */
export const SHELL_LESS = 'localhost/tekton-ci-test-shell-less:1';

const BUSYBOX = '/bin/busybox';
const PROGRAMS = [
  'base64',
  'mkdir',
  'test',
  'pwd',
  'rm',
  'stat',
  'true',
  'printenv',
  'ln',
  'chmod',
  'wc',
  'sort',
  'seq',
  'sh',
  'cat',
  'dd',
  'env',
  'grep',
  'head',
  'id',
  'ls',
  'nc',
  'printf',
  'sleep',
  'touch',
  'tr',
];

/** What podman needs of our own environment. */
export const environment = {
  PATH: env.PATH ?? '',
  HOME: env.HOME ?? '/root',
  ...(env.XDG_RUNTIME_DIR === undefined ? {} : { XDG_RUNTIME_DIR: env.XDG_RUNTIME_DIR }),
};

/** Why these tests cannot run here; null when they can. */
function missing(): string | null {
  if (spawnSync('podman', ['info'], { stdio: 'ignore' }).status !== 0) return 'podman does not answer';
  return existsSync(BUSYBOX) ? null : 'there is no static busybox to make an image of';
}

/** Images made on the spot: nothing is pulled. Throws where that cannot be: who asks for these tests wants them. */
export function makeImages(): void {
  const why = missing();
  if (why !== null) throw new Error(`${why}: install podman, runc and busybox-static`);
  makeImage(IMAGE, ['--change', 'ENTRYPOINT ["/bin/printf"]'], (root) => {
    for (const folder of ['bin', 'etc', 'tmp', 'proc', 'sys', 'dev']) mkdirSync(join(root, folder));
    cpSync(BUSYBOX, join(root, 'bin/busybox'));
    for (const program of PROGRAMS) symlinkSync('busybox', join(root, 'bin', program));
    writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\n');
  });
  makeImage(SHELL_LESS, [], (root) => {
    mkdirSync(join(root, 'kaniko'));
    cpSync(BUSYBOX, join(root, 'kaniko/cat'));
    cpSync(BUSYBOX, join(root, 'kaniko/cp'));
  });
}

function makeImage(name: string, how: readonly string[], fill: (root: string) => void): void {
  const root = mkdtempSync(join(tmpdir(), 'tekton-ci-image-'));
  const archive = `${root}.tar`;
  try {
    fill(root);
    execFileSync('tar', ['-C', root, '-cf', archive, '.']);
    execFileSync('podman', ['import', '--quiet', ...how, archive, name], { stdio: 'ignore' });
  } finally {
    rmSync(archive, { force: true });
    rmSync(root, { recursive: true });
  }
}

/** Containers that are there, running or not, of one data directory. */
export function containersOf(directory: string): readonly string[] {
  const filter = `label=dev.tekton-ci.data=${directory}`;
  return execFileSync('podman', ['ps', '--all', '--quiet', '--filter', filter], { encoding: 'utf8' })
    .split('\n')
    .filter((name) => name !== '');
}
