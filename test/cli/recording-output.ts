import type { Channel, Output } from '../../src/cli/output.ts';

export interface RecordingOutput extends Output {
  stdout(): string;
  stderr(): string;
}

/** An output that keeps what was written, without colours. */
export function createRecordingOutput(): RecordingOutput {
  const written = { out: '', err: '' };
  const channel = (name: 'out' | 'err'): Channel => ({
    write(text) {
      written[name] += text;
    },
    columns: 80,
    paint: (_style, text) => text,
  });
  return {
    out: channel('out'),
    err: channel('err'),
    stdout: () => written.out,
    stderr: () => written.err,
  };
}
