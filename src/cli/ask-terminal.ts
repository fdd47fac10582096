import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

export interface Terminal {
  readonly input: NodeJS.ReadStream;
  /** Where the question is shown. */
  readonly output: NodeJS.WriteStream;
  /** What Ctrl-C does. */
  interrupt(): void;
}

/**
 * Puts a question to the terminal; what is typed is not shown. Resolves to null where there is no terminal, or when its input
 * ends without an answer; rejects when the signal aborts.
 */
export async function askTerminal(
  { input, output, interrupt }: Terminal,
  question: string,
  signal: AbortSignal,
): Promise<string | null> {
  if (!input.isTTY || !output.isTTY) return null;
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: unseen, terminal: true });
  const ended = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
  // The terminal hands the key to us and no longer makes a signal of it.
  lines.on('SIGINT', interrupt);
  output.write(question);
  try {
    return await Promise.race([lines.question('', { signal }), ended]);
  } finally {
    lines.close();
    output.write('\n');
  }
}
