import type { Log } from '../../../src/app/ports.ts';

export interface RecordingLog extends Log {
  readonly lines: readonly { readonly level: string; readonly message: string; readonly fields: object }[];
  messages(level: string): readonly string[];
}

/** Keeps what was logged, by itself and by its children. */
export function createRecordingLog(): RecordingLog {
  const lines: { level: string; message: string; fields: object }[] = [];
  const logWith = (common: object): Log => {
    const at = (level: string) => (fields: object, message: string) =>
      void lines.push({ level, message, fields: { ...common, ...fields } });
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => logWith({ ...common, ...fields }),
    };
  };
  return {
    ...logWith({}),
    lines,
    messages: (level) => lines.filter((line) => line.level === level).map(({ message }) => message),
  };
}
