import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { gitEnvironment } from './git.ts';

export interface GitObject {
  readonly oid: string;
  readonly type: 'commit' | 'tree' | 'blob' | 'tag';
  readonly bytes: Buffer;
}

/** Reads objects by any expression git understands (`<sha>`, `main`, `<sha>:path`), over one `git cat-file --batch`. */
export interface ObjectReader {
  read(expression: string): Promise<GitObject | null>;
  close(): void;
}

interface Waiting {
  resolve(object: GitObject | null): void;
  reject(error: Error): void;
}

const FOUND = /^([0-9a-f]{40}) (commit|tree|blob|tag) (\d+)$/;

export function createObjectReader(directory: string): ObjectReader {
  let child: ChildProcessWithoutNullStreams | undefined;
  let buffered = Buffer.alloc(0);
  const queue: Waiting[] = [];

  function start(): ChildProcessWithoutNullStreams {
    const started = spawn('git', ['cat-file', '--batch'], {
      cwd: directory,
      env: gitEnvironment(directory),
    });
    started.stdout.on('data', (bytes: Buffer) => {
      buffered = Buffer.concat([buffered, bytes]);
      while (takeAnswer());
    });
    started.once('close', () => {
      child = undefined;
      for (const waiting of queue.splice(0)) waiting.reject(new Error('git cat-file ended'));
    });
    started.once('error', () => undefined);
    started.stdin.on('error', () => undefined);
    started.stderr.resume();
    return started;
  }

  /** Takes one whole answer off the buffer and says whether there was one. */
  function takeAnswer(): boolean {
    const end = buffered.indexOf('\n');
    if (end < 0) return false;
    const [, oid, type, size] = FOUND.exec(buffered.toString('utf8', 0, end)) ?? [];
    if (oid === undefined || size === undefined) {
      buffered = buffered.subarray(end + 1);
      queue.shift()?.resolve(null);
      return true;
    }
    const after = end + 1 + Number(size);
    if (buffered.length < after + 1) return false;
    const bytes = Buffer.from(buffered.subarray(end + 1, after));
    buffered = buffered.subarray(after + 1);
    queue.shift()?.resolve({ oid, type: type as GitObject['type'], bytes });
    return true;
  }

  return {
    read(expression) {
      // The protocol is one line a question; an empty one would have no answer of its own.
      if (expression === '' || /[\n\0]/.test(expression)) return Promise.resolve(null);
      child ??= start();
      const { promise, resolve, reject } = Promise.withResolvers<GitObject | null>();
      queue.push({ resolve, reject });
      child.stdin.write(`${expression}\n`);
      return promise;
    },
    close() {
      child?.stdin.end();
    },
  };
}
