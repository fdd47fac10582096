/** What `go test -json` says in one line, as far as failures need it. */
export interface GoEvent {
  /** The package, or what is built: `example.com/shop/tax [example.com/shop/tax.test]`. */
  readonly of: string;
  readonly test: string | null;
  /** One line of output without its end; null for events that tell of none. */
  readonly output: string | null;
  readonly isBuild: boolean;
}

/** Lines of another program in JSON are many where it logs so: only what begins like an event is parsed. */
const BEGINS = ['{"Time":"', '{"Action":"', '{"ImportPath":"', '{"Package":"'];

const SILENT: GoEvent = { of: '', test: null, output: null, isBuild: false };

/**
 * Null when the line is no event of test2json.
 *
 * @see https://pkg.go.dev/cmd/test2json#hdr-Output_Format
 */
export function readGoEvent(text: string): GoEvent | null {
  if (!text.startsWith('{"') || !BEGINS.some((begin) => text.startsWith(begin))) return null;
  if (!text.includes('"Action":"')) return null;
  // Half of a run's events tell of no output.
  if (!text.includes('"Output":"')) return SILENT;
  const event = parse(text) ?? parse(closed(text));
  if (event === null || typeof event.Action !== 'string') return null;
  const { Action, Package, ImportPath, Test, Output } = event;
  const of = Package ?? ImportPath;
  if (typeof of !== 'string') return null;
  return {
    of,
    test: typeof Test === 'string' ? Test : null,
    output: typeof Output === 'string' ? Output.trimEnd() : null,
    isBuild: Action.startsWith('build-'),
  };
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    // Its fields are looked at before they are used.
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

/** A very long line is cut somewhere in its output, the last field. */
function closed(text: string): string {
  return `${text.replace(/\\(?:u[0-9a-f]{0,3})?…?$/i, '')}"}`;
}
