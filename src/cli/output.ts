import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** One of the two streams that a command writes to. */
export interface Channel {
  /** Characters in a line; 80 where there is no terminal. */
  readonly columns: number;
  write(text: string): void;
  /** The text in a colour where the stream shows colours; `NO_COLOR` and `FORCE_COLOR` are obeyed. */
  paint(style: Style, text: string): string;
}

/** Where commands write: `out` is their result, `err` what went wrong. */
export interface Output {
  readonly out: Channel;
  readonly err: Channel;
}

/** What a stream says when its reader has gone: `| head` has read enough, or the terminal was closed. */
const READER_GONE = ['EPIPE', 'EIO'];

/** The process's own streams. A reader that has gone is no error: what follows is dropped. */
export function createOutput(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Output {
  return { out: createChannel(stdout), err: createChannel(stderr) };
}

function createChannel(stream: NodeJS.WriteStream): Channel {
  let open = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!READER_GONE.includes(error.code ?? '')) throw error;
    open = false;
  });
  return {
    get columns() {
      return stream.columns ?? 80;
    },
    write(text) {
      if (open) stream.write(text);
    },
    paint: (style, text) => styleText(style, text, { stream, validateStream: true }),
  };
}
