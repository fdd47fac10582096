/**
 * The stand-in for GitHub as a program. Prints one line of JSON when it listens, and ends with SIGINT, SIGTERM or
 * when what started it closes its standard input.
 *
 *     node test/github/bin.ts [--port 3999] [--slug tekton-ci] [--webhook-url URL] [--webhook-secret TEXT] [--detached]
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startGitHub } from './github.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    slug: { type: 'string', default: 'tekton-ci' },
    'webhook-url': { type: 'string' },
    'webhook-secret': { type: 'string' },
    detached: { type: 'boolean', default: false },
  },
});

const github = await startGitHub({ port: Number(values.port), control: true });
const url = values['webhook-url'];
const app = await github.createApp({
  slug: values.slug,
  webhookSecret: values['webhook-secret'] ?? randomBytes(20).toString('hex'),
  ...(url === undefined ? {} : { webhookUrl: url }),
});
const folder = await mkdtemp(join(tmpdir(), 'tekton-ci-github-app-'));
const privateKeyPath = join(folder, 'private-key.pem');
await writeFile(privateKeyPath, app.privateKey, { mode: 0o600 });

const { privateKey: _, ...shown } = app;
const line = { url: github.url, host: github.host, ...shown, privateKeyPath, developer: github.developer };
process.stdout.write(`${JSON.stringify(line)}\n`);

let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await github.close();
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
}

process.once('SIGINT', end);
process.once('SIGTERM', end);
if (!values.detached) process.stdin.once('end', end).resume();
