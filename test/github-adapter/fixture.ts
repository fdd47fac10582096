import { generateKeyPairSync } from 'node:crypto';
import type { Log } from '../../src/app/ports.ts';
import type { RepositoryRef } from '../../src/core/plan/event.ts';
import {
  createGitHubClients,
  type GitHubClients,
  type GitHubClientsOptions,
} from '../../src/github/clients.ts';

export const PUBLIC = 'https://api.github.com';
export const ENTERPRISE = 'https://github.example.com/api/v3';
export const APP_ID = 1234;
export const INSTALLATION = 77;
export const NOW = new Date('2026-11-23T10:00:00Z');
/** Longer than 40 characters and of the newer shape. */
export const TOKEN = `ghs_1234_${'eyJhbGciOiJSUzI1NiJ9.'.repeat(4)}secret`;

export const PRIVATE_KEY = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
}).privateKey;

export const REPOSITORY: RepositoryRef = {
  installationId: INSTALLATION,
  id: 42,
  owner: 'acme',
  name: 'api',
  defaultBranch: 'main',
  cloneUrl: 'https://github.com/acme/api.git',
  htmlUrl: 'https://github.com/acme/api',
};

export const SHA = 'a'.repeat(40);

export interface LogLine {
  readonly level: string;
  readonly fields: object;
  readonly message: string;
}

export function recordingLog(lines: LogLine[] = []): Log & { readonly lines: LogLine[] } {
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields, message });
  return {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => recordingLog(lines),
  };
}

export function testClients(options: Partial<GitHubClientsOptions> = {}): GitHubClients {
  return createGitHubClients({
    appId: APP_ID,
    privateKey: PRIVATE_KEY,
    baseUrl: PUBLIC,
    log: recordingLog(),
    clock: { now: () => NOW },
    ...options,
  });
}

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  const nothing = Symbol('nothing');
  const outcome = await promise.then(
    () => nothing,
    (error: unknown) => error,
  );
  if (outcome === nothing) throw new Error('it should have rejected');
  return outcome;
}
