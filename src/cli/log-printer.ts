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

/** The start of an `::endgroup::` at the end of a line that has begun. */
const MARKER_BEGUN = /:(:[a-z]*(::?)?)?$/;

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

  /** Prints as much of the line that has begun as cannot become a marker. */
  function printPart(): void {
    const part = open || !mayBeMarker(rest) ? rest.replace(MARKER_BEGUN, '') : '';
    if (part === '') return;
    write(part);
    open = true;
    rest = rest.slice(part.length);
  }

  return {
    print(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) printLine(line);
      if (!parallel) printPart();
    },
    end() {
      if (rest !== '' || open) printLine(rest);
      rest = '';
    },
  };
}

/** The start of a line that is shown in another way, or not at all, once it is whole. */
function mayBeMarker(start: string): boolean {
  return start.startsWith(':') || SAID_ALREADY.startsWith(start.slice(0, SAID_ALREADY.length));
}
