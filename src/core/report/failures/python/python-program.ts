import { collectFindings } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import { createPythonTraceback, type PythonTraceback } from './python-traceback.ts';

/** `RuntimeError: no order 12`, `shop.order.EmptyOrder` */
const ERROR = /^[A-Za-z_][\w.]{0,200}(?:: .{0,4000})?$/;
/** It cannot begin. */
const CANNOT =
  /^(?:\S{1,200}\/)?python[\d.]{0,5}: (?:No module named|Error while finding module|can't (?:open file|find))/;
const CHAIN = /^(?:Traceback |The above exception was|During handling of)/;
const SYNTAX = /^ {2}File "[^"]{1,1000}", line \d{1,7}$/;

/** Programs in Python that end by an error nobody caught. */
export const pythonProgram: FailureParser = {
  name: 'python',
  commands: /\bpython[\d.]{0,5}\b/,
  isLastResort: true,
  start,
};

function start(): Reading {
  const findings = collectFindings();
  let traceback: PythonTraceback | null = null;
  let at = 0;
  let last = '';

  const close = () => {
    if (traceback !== null && last !== '') {
      const message = traceback.message();
      const isAlone = message === last;
      findings.add({
        kind: 'command',
        name: last,
        message: isAlone ? '' : message,
        place: traceback.place(),
        line: at,
      });
    }
    traceback = null;
    last = '';
  };
  const begin = (text: string, number: number) => {
    if (text.includes('python') && CANNOT.test(text)) {
      findings.add({ kind: 'command', name: text, place: null, line: number });
    }
    if (!text.startsWith('Traceback (most recent call last)') && !SYNTAX.test(text)) return;
    traceback = createPythonTraceback();
    traceback.line(text);
    at = number;
    last = '';
  };
  const more = (into: PythonTraceback, text: string) => {
    into.line(text);
    if (text.startsWith('Traceback')) last = '';
    else if (!text.startsWith(' ') && ERROR.test(text)) last = text;
  };
  return {
    line(text, number) {
      // Below the error may be another one that it caused.
      if (last !== '' && text !== '' && !CHAIN.test(text)) close();
      if (traceback === null) begin(text, number);
      else more(traceback, text);
    },
    end() {
      close();
      return findings.all();
    },
  };
}
