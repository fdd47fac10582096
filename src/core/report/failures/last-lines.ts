import type { CommandListener } from './command-lines.ts';

/** Lines that are shown of a log. */
const LAST = 30;

/** The lines that a person wants to see of a command that failed, where no parser says more. */
export interface LastLines extends CommandListener {
  end(): readonly string[];
}

/** The command and its last lines, without empty ones in a row. */
export function createLastLines(): LastLines {
  let command = '';
  let lines: string[] = [];
  let left = 0;
  return {
    begin(title) {
      command = title;
      lines = [];
      left = 0;
    },
    line(text) {
      if (text === '' && (lines.at(-1) ?? '') === '') return;
      lines.push(text);
      if (lines.length < 2 * LAST) return;
      left += lines.length - LAST;
      lines = lines.slice(-LAST);
    },
    end() {
      const shown = lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
      const hidden = left + Math.max(0, shown.length - LAST);
      return [
        ...(command === '' ? [] : [`$ ${command}`]),
        ...(hidden === 0 ? [] : [`… ${hidden} lines …`]),
        ...shown.slice(-LAST),
      ];
    },
  };
}
