import { collectFindings } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import { explainNpmError, type NpmError } from './npm-errors.ts';

/** Before npm 10, lines begin with `npm ERR!`. */
const PREFIXES = ['npm error', 'npm ERR!'];
const MOST_LINES = 60;
/** What follows is npm's own help. */
const HELP = /^(?:Clean install a project|Usage:|Options:|Install a package|Run "npm help)/;
const NOISE =
  /^(?:A complete log of this run can be found in|For a full report see|See )|-debug(?:-\d{1,3})?\.log$|-eresolve-report\.txt$/;
const VALUES: ReadonlySet<string> = new Set([
  'path',
  'command',
  'workspace',
  'location',
  'errno',
  'syscall',
  'file',
  'dest',
]);

/**
 * What npm says of installing and of scripts that do not exist. That a script failed is no finding: what the script said is.
 *
 * @see https://docs.npmjs.com/common-errors
 */
export const npm: FailureParser = {
  name: 'npm',
  commands:
    /\bnpm (?:-{1,2}\S{1,100} ){0,3}(?:ci|clean-install|i|install|add|update|up|audit|publish|pack|rebuild|link)\b/,
  start,
};

function start(): Reading {
  const findings = collectFindings();
  let error: NpmError | null = null;
  let isHelp = false;
  let before = 0;

  const close = () => {
    const finding = error === null ? null : explainNpmError(error);
    if (finding !== null) findings.add(finding);
    error = null;
    isHelp = false;
  };
  const keep = (into: NpmError, text: string) => {
    const [word = ''] = text.split(' ', 1);
    const value = text.slice(word.length + 1);
    if (word === 'code' && into.code === '') into.code = value;
    else if (VALUES.has(word) && value !== '') into.values.set(word, value);
    else if (into.lines.length < MOST_LINES) into.lines.push(text);
  };
  const read = (text: string, number: number) => {
    // Several workspaces may fail, each with a code of its own.
    const isNext = text.startsWith('code ') && error !== null && error.code !== '';
    if (isNext || number > before + 1) close();
    error ??= { code: '', values: new Map(), lines: [], line: number };
    before = number;
    isHelp ||= HELP.test(text);
    if (!isHelp && !NOISE.test(text)) keep(error, text);
  };
  return {
    line(text, number) {
      const prefix = text.startsWith('npm ') ? PREFIXES.find((one) => text.startsWith(one)) : undefined;
      if (prefix !== undefined) read(text.slice(prefix.length + 1), number);
    },
    end() {
      close();
      return findings.all();
    },
  };
}
