import type { Channel } from './output.ts';

/** Prints one step's log. */
export interface LogPrinter {
  print(text: string): void;
  /** Ends a last line that has no end. */
  end(): void;
}

export interface LogOptions {
  /** The step as people say it. */
  readonly label: string;
  /** Other steps print at the same time: every line then says whose it is. */
  readonly parallel: boolean;
}

/** The engine says this in every step's log; here it is said once, above all logs. */
const SAID_ALREADY = 'tekton-ci: running on this machine;';

/**
 * Prints a log under the step's heading, its groups (`::group::title`, `::endgroup::`) as headings of their own.
 * A line is printed when it is whole; what is only a part of one (dots of a test runner) at once, unless other
 * steps could print into it or it may become a group's marker.
 */
export function createLogPrinter(out: Channel, { label, parallel }: LogOptions): LogPrinter {
  const prefix = parallel ? out.paint('cyan', `${label} | `) : '';
  let headed = parallel;
  let open = false;
  let rest = '';

  function write(text: string): void {
    if (!headed) out.write(`\n${out.paint('bold', `▸ ${label}`)}\n`);
    headed = true;
    out.write(open ? text : `${prefix}${text}`);
  }

  function printLine(line: string): void {
    const title = open ? undefined : /^::group::(.*)$/.exec(line)?.[1];
    // A command whose last line has no end has the marker on it.
    const text = line.replace(/::endgroup::$/, '');
    const unsaid = !open && (line === '::endgroup::' || line.startsWith(SAID_ALREADY));
    if (title !== undefined) write(`${out.paint('cyan', `$ ${title}`)}\n`);
    else if (!unsaid) write(`${text}\n`);
    open = false;
  }

  return {
    print(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) printLine(line);
      if (parallel || rest === '' || mayBeMarker(rest, open)) return;
      write(rest);
      open = true;
      rest = '';
    },
    end() {
      if (rest !== '' || open) printLine(rest);
      rest = '';
    },
  };
}

function mayBeMarker(start: string, open: boolean): boolean {
  if (open) return false;
  return start.startsWith(':') || SAID_ALREADY.startsWith(start.slice(0, SAID_ALREADY.length));
}
