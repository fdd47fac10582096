import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { allows, covers, identify } from './credentials.ts';
import { gitEnvironment, runGit } from './git.ts';
import { ZERO_SHA } from './git-repository.ts';
import type { Parts } from './parts.ts';
import { announcePush, type Push } from './push.ts';
import { formerly } from './renames.ts';
import { type Account, account, fullName, type Repository } from './world.ts';

export interface GitRequest {
  readonly repository: string;
  readonly service: 'upload-pack' | 'receive-pack';
  /** Below the repository: `/info/refs`, `/git-upload-pack`. */
  readonly rest: string;
}

export interface GitHttpOptions {
  /** Who may push, by HTTP's basic authentication. */
  readonly developer: { readonly login: string; readonly password: string };
  readonly anonymousPush: boolean;
}

/** Recognises git's smart HTTP: `/<owner>/<repo>.git/…`, with or without `.git`. */
export function parseGitRequest(method: string, url: URL): GitRequest | null {
  const [, repository, rest] =
    /^\/([^/]+\/[^/]+?)(?:\.git)?(\/info\/refs|\/git-(?:upload|receive)-pack)$/.exec(url.pathname) ?? [];
  if (repository === undefined || rest === undefined) return null;
  const service = (rest === '/info/refs' ? url.searchParams.get('service') : rest.slice(1))?.replace(
    /^git-/,
    '',
  );
  if (service !== 'upload-pack' && service !== 'receive-pack') return null;
  if ((rest === '/info/refs') !== (method === 'GET')) return null;
  return { repository: decodeURIComponent(repository), service, rest };
}

export interface GitHttp {
  /** Answers by `git http-backend`; a push tells the apps of every ref that it moved. */
  serve(git: GitRequest, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export function createGitHttp(parts: Parts, options: GitHttpOptions): GitHttp {
  return {
    async serve(git, request, response) {
      const repository = formerly(parts.world, git.repository);
      const who = permitted(parts, options, {
        git,
        repository,
        authorization: request.headers.authorization,
      });
      if (who === null || repository === undefined) {
        // GitHub does not say whether the repository exists before it knows who asks.
        const known = request.headers.authorization !== undefined && who !== null;
        refuse(response, known ? 404 : 401);
        return;
      }
      if (fullName(repository).toLowerCase() !== git.repository.toLowerCase()) {
        const location = `${parts.world.url}/${fullName(repository)}.git${git.rest}?service=git-${git.service}`;
        response.writeHead(301, { location }).end();
        return;
      }
      if (git.service === 'upload-pack' || git.rest === '/info/refs') {
        await runBackend(repository, git, { request, response });
        response.end();
        return;
      }
      await repository.git.exclusively(async () => {
        const before = await repository.git.refs('refs');
        await runBackend(repository, git, { request, response });
        // Told before the client knows that it has pushed: what it waits for next is then on its way.
        await announceChanges(parts, { repository, sender: who }, before);
        response.end();
      });
    },
  };
}

interface Asked {
  readonly git: GitRequest;
  readonly repository: Repository | undefined;
  readonly authorization: string | undefined;
}

/** Who asks, when that one may; null otherwise. */
function permitted(
  { world }: Parts,
  options: GitHttpOptions,
  { git, repository, authorization }: Asked,
): Account | null {
  const { login, password } = options.developer;
  const developer = account(world, login);
  const basic = `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
  if (authorization === basic) return developer;
  const reading = git.service === 'upload-pack';
  if (authorization === undefined) {
    return (reading ? repository?.private === false : options.anonymousPush) ? developer : null;
  }
  try {
    const caller = identify(world, authorization);
    if (caller.kind !== 'installation' || repository === undefined) return null;
    const { token } = caller;
    const level = reading ? 'read' : 'write';
    const allowed = covers(token, repository) && allows(token.permissions, 'contents', level);
    const open = reading && !repository.private;
    return allowed || open ? account(world, `${token.installation.app.slug}[bot]`) : null;
  } catch {
    return null;
  }
}

function refuse(response: ServerResponse, status: 401 | 404): void {
  response.writeHead(status, { 'content-type': 'text/plain', 'www-authenticate': 'Basic realm="GitHub"' });
  response.end('Repository not found.');
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Asked of git once. */
let execPath: Promise<string> | undefined;

async function runBackend(
  { git: { directory } }: Repository,
  { rest, service }: GitRequest,
  { request, response }: Exchange,
): Promise<void> {
  const root = dirname(directory);
  execPath ??= runGit(root, ['--exec-path']);
  const child = spawn(join((await execPath).trim(), 'git-http-backend'), [], {
    env: {
      ...gitEnvironment(root),
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROJECT_ROOT: root,
      PATH_INFO: directory.slice(root.length) + rest,
      QUERY_STRING: rest === '/info/refs' ? `service=git-${service}` : '',
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: 'developer',
      REMOTE_ADDR: '127.0.0.1',
    },
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  child.stdin.on('error', () => undefined);
  child.stderr.resume();
  response.once('close', () => child.kill());
  const body = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request;
  body.on('error', () => child.kill());
  body.pipe(child.stdin);
  await answerFrom(child.stdout, response);
  await ended;
}

/** Passes on a CGI program's output: headers first, then the body as it comes. */
async function answerFrom(output: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> {
  let head = Buffer.alloc(0);
  for await (const bytes of output) {
    if (response.headersSent) {
      if (!response.write(bytes)) await drained(response);
      continue;
    }
    head = Buffer.concat([head, bytes]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) continue;
    const headers = head
      .toString('latin1', 0, end)
      .split('\r\n')
      .map((line) => line.split(/: */, 2));
    const status = headers.find(([name]) => name?.toLowerCase() === 'status')?.[1];
    const rest = headers.filter(([name]) => name?.toLowerCase() !== 'status');
    response.writeHead(Number.parseInt(status ?? '200', 10), Object.fromEntries(rest));
    response.write(head.subarray(end + 4));
  }
  if (!response.headersSent) response.writeHead(500);
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
}

/** GitHub sends no event for tags when more than three come in one push. */
const MAX_TAGS = 3;

async function announceChanges(
  parts: Parts,
  { repository, sender }: Omit<Push, 'change'>,
  before: ReadonlyMap<string, string>,
): Promise<void> {
  const after = await repository.git.refs('refs');
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const moved = names.filter((ref) => before.get(ref) !== after.get(ref));
  if (moved.length > 0) repository.pushedAt = parts.world.now();
  const tags = moved.filter((ref) => ref.startsWith('refs/tags/'));
  for (const ref of moved) {
    if (tags.length > MAX_TAGS && tags.includes(ref)) continue;
    if (!/^refs\/(heads|tags)\//.test(ref)) continue;
    const change = { ref, before: before.get(ref) ?? ZERO_SHA, after: after.get(ref) ?? ZERO_SHA };
    await announcePush(parts, { repository, change, sender });
  }
}
