import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { RunKey } from '../plan/run-key.ts';
import type { RunName } from './run.ts';

/** A DNS label: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names */
const LABEL_LENGTH = 63;

/** `-<sha7>-<hash8>` */
const SUFFIX_LENGTH = 1 + 7 + 1 + 8;

/** The key as one line of text: equal for equal keys only. It is what an annotation keeps and a hash is made of. */
export function keyText(key: RunKey): string {
  return JSON.stringify([
    key.repositoryId,
    key.project,
    key.sha,
    key.tag,
    key.purpose,
    key.trust,
    key.base,
    key.attempt,
  ]);
}

/** The key that a text stands for; null when it is not such a text. */
export function keyOfText(text: string): RunKey | null {
  try {
    // Only what gives the same text again is taken.
    const [repositoryId, project, sha, tag, purpose, trust, base, attempt] = JSON.parse(text);
    const key: RunKey = { repositoryId, project, sha, tag, purpose, trust, base, attempt };
    return keyText(key) === text && typeof attempt === 'number' ? key : null;
  } catch {
    return null;
  }
}

/**
 * `<repo>-<project>-<sha7>-<hash8>`, at most 63 characters; the hash is of the whole key, so the same key always has
 * the same name and creating it twice is refused. A repository that is one project leaves the project out.
 */
export function runName(repository: string, key: RunKey): RunName {
  const project = key.project === '.' ? '' : `-${slug(key.project)}`;
  const stem = `${slug(repository)}${project}`.slice(0, LABEL_LENGTH - SUFFIX_LENGTH).replace(/-+$/, '');
  return `${stem}-${key.sha.slice(0, 7)}-${hash(keyText(key), 8)}`;
}

/** `gate-<hash>`: the same for all projects of one commit, purpose and attempt. */
export function gateName(key: RunKey): string {
  return `gate-${hash(keyText({ ...key, project: '' }), 16)}`;
}

/**
 * `gate-<hash>`, of projects that are run again: `keeper` is the first of them, with the attempt of the gate. Two replicas that are asked for
 * different projects at once know nothing of each other's runs, so what they make must be two gates.
 */
export function nextGateName(keeper: RunKey): string {
  return `gate-${hash(keyText(keeper), 16)}`;
}

/** `gate-<hash>-12`: each pull request waits for an approval of its own. */
export function waitingName(key: RunKey, pull: string): string {
  return `${gateName(key)}-${pull}`;
}

/** The number of the pull request that a name of `waitingName` is of; null for any other name. */
export function waitingPull(name: string): number | null {
  const number = /^gate-[0-9a-f]{16}-(?<number>[1-9]\d{0,8})$/.exec(name)?.groups?.number;
  return number === undefined ? null : Number(number);
}

/** Longest version that a task's name shows whole. */
const VERSION_LENGTH = 40;

/** `test-1-25`: a DNS label, unlike that of every other of the `versions`. */
export function versionTaskName(version: string, versions: readonly string[]): string {
  const plain = slug(version);
  const isClear =
    plain.length <= VERSION_LENGTH && versions.every((other) => other === version || slug(other) !== plain);
  return `test-${isClear ? plain : `${plain.slice(0, VERSION_LENGTH)}-${hash(version, 8)}`}`;
}

/** `deploy-staging` of `deploy` and `staging`: a DNS label, unlike that of every other label with the same prefix. */
export function partName(prefix: string, label: string, longest: number = LABEL_LENGTH): string {
  const whole = prefix === '' ? label : `${prefix}-${label}`;
  return whole.length <= longest ? whole : `${whole.slice(0, longest - 9)}-${hash(label, 8)}`;
}

/** Helm's limit for the name of a release. */
const RELEASE_LENGTH = 53;

/** The name of a release for a project or repository. */
export function releaseName(title: string): string {
  return slug(title).slice(0, RELEASE_LENGTH).replace(/-+$/, '');
}

/** Lower-case letters, digits and single dashes; begins with a letter or digit; never empty. */
export function slug(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain === '' ? 'x' : plain;
}

/** A label's value: at most 63 of letters, digits, `-`, `_` and `.`, with a letter or digit at both ends. */
export function labelValue(text: string): string {
  return text
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, LABEL_LENGTH)
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}

function hash(text: string, digits: number): string {
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, digits);
}
