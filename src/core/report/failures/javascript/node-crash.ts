import type { Place } from '../finding.ts';
import { createJsFailure, type JsFailure } from './js-failure.ts';

/** An error that ended a node process. */
export interface NodeCrash {
  /** `Error [ERR_MODULE_NOT_FOUND]: Cannot find module …` */
  readonly name: string;
  readonly message: string;
  readonly place: Place | null;
  /** The line of its name. */
  readonly line: number;
}

/** Below the code at which an error was thrown. */
const CARET = /^[ \t]{0,1000}[\^~]{1,1000}$/;
const ERROR = /^(?:Uncaught )?[A-Za-z_$][\w$]{0,100}(?: \[\w{1,100}\])?: /;
/** `/workspace/source/build.js:3`, above the code. */
const HEADER = /^(?:file:\/\/)?(?<path>\/[^:]{1,1000}|[A-Za-z]:\\[^:]{1,1000}):(?<line>\d{1,7})$/;

/**
 * Finds what node prints of an uncaught error: where, the code, a caret, the stack, and its version in the end.
 *
 * @see https://nodejs.org/api/errors.html#errorstack
 */
export function createNodeCrashes(tell: (crash: NodeCrash) => void) {
  let header: Place | null = null;
  let failure: JsFailure | null = null;
  let at = 0;
  let isCaret = false;

  const end = () => {
    if (failure !== null) {
      const [name = '', ...more] = failure.message().split('\n');
      tell({ name, message: more.join('\n'), place: failure.place() ?? header, line: at });
    }
    failure = null;
    header = null;
  };
  const begin = (text: string, number: number) => {
    isCaret = false;
    if (!ERROR.test(text)) return;
    at = number;
    failure = createJsFailure();
    failure.line(text);
  };
  const before = (text: string, number: number) => {
    if (isCaret && text !== '') begin(text, number);
    else if (CARET.test(text)) isCaret = true;
    else header = readHeader(text) ?? header;
  };
  return {
    line(text: string, number: number): void {
      if (failure === null) before(text, number);
      else if (text.startsWith('Node.js v')) end();
      else failure.line(text);
    },
  };
}

function readHeader(text: string): Place | null {
  if (!text.startsWith('/') && !text.startsWith('file:') && text.charAt(1) !== ':') return null;
  const found = HEADER.exec(text)?.groups;
  return found?.path === undefined || found.path.includes('node_modules')
    ? null
    : { path: found.path, line: Number(found.line) };
}
