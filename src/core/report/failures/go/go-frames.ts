import type { Place } from '../finding.ts';

/** A line of a stack trace: which function, and where it was. */
export interface GoFrame {
  readonly call: string;
  readonly place: Place;
  /** Neither Go's own nor another module's. */
  readonly isOwn: boolean;
  /** The test function that it is, or that it is inside of. */
  readonly test: string | null;
}

/** `\t/workspace/source/cart/cart.go:8 +0x3b`; data races indent by blanks. */
const PLACE = /^(?:\t| {6})(?<path>[^\t]{1,1000}\.go):(?<line>\d{1,7})(?: \+0x[0-9a-f]{1,16})?$/;
/** Where Go's own sources and modules are: in official images, distributions' packages, Homebrew, runners, the module cache. */
const FOREIGN =
  /\/usr\/local\/go\/src\/|\/usr\/lib[^/]{0,10}\/go[^/]{0,10}\/|\/libexec\/src\/|\/hostedtoolcache\/go\/|\/pkg\/mod\/|\/vendor\/|^_testmain\.go|^_cgo_/;
const FOREIGN_CALL = /^(?:created by )?(?:testing\.|runtime[./]|panic\b)/;
const TEST = /\.(?<name>(?:Test|Fuzz|Benchmark|Example)\w{0,200})/;

/** Reads frames of two lines each: a call, and below it its place. Null for all other lines. */
export function createGoFrames(): (line: string) => GoFrame | null {
  let above = '';
  return (line) => {
    const found = line.includes('.go:') ? PLACE.exec(line)?.groups : undefined;
    if (found?.path === undefined) {
      above = line;
      return null;
    }
    const call = withoutArguments(above.trim());
    return {
      call,
      place: { path: found.path, line: Number(found.line) },
      isOwn: !FOREIGN.test(found.path) && !FOREIGN_CALL.test(call),
      test: TEST.exec(call)?.groups?.name ?? null,
    };
  };
}

/** `cart.(*Cart).Add(0x1, {0x2, 0x3})` → `cart.(*Cart).Add()`; `created by x in goroutine 1` → `created by x`. */
function withoutArguments(call: string): string {
  const from = call.endsWith(')') ? call.lastIndexOf('(') : -1;
  return from > 0 ? `${call.slice(0, from)}()` : call.replace(/ in goroutine \d+$/, '');
}
