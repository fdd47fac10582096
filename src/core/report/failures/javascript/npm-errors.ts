import type { Finding } from '../finding.ts';

/** What is said of one error. */
export interface NpmError {
  /** `E404`; '' where npm tells none. */
  code: string;
  /** `path`, `command`, `workspace`. */
  readonly values: Map<string, string>;
  readonly lines: string[];
  readonly line: number;
}

/** npm repeats a word before its lines: `404`, `notarget`, `network`. */
const WORD =
  /^(?:404|401|403|notarget|network|enoent|eresolve|engine|notsup|nodeps|JSON\.parse|gitignore|git|need auth|audit)(?: {1,2}|$)/i;
/** The line that tells most, of each code. */
const TELLING: Readonly<Record<string, RegExp>> = {
  E404: /^The requested resource|^'.*' is not in/,
  ERESOLVE: /^peer /,
  EBADENGINE: /^Not compatible with/,
  EJSONPARSE: /^Invalid package\.json|^Failed to parse|JSON/,
};
/** Those are no matter of what can be downloaded. */
const OF_PROJECT: ReadonlySet<string> = new Set([
  '',
  'EJSONPARSE',
  'EUSAGE',
  'ENOENT',
  'EBADENGINE',
  'EACCES',
  'ENOWORKSPACES',
]);
/** Advice that is the same each time. */
const ADVICE =
  /^(?:This is (?:a problem related|related)|In most cases you|If you are behind a proxy|Note that you can also|tarball, folder|Fix the upstream|or retry|For a full report|To see a list of scripts|npm run$|A complete log)/;

/** Null where the error is that of a script, which has told what is wrong. */
export function explainNpmError(error: NpmError): Omit<Finding, 'level'> | null {
  const { code, line } = error;
  const lines = wordsOf(error.lines);
  if (isScript(error, lines)) return null;
  if (/^-?\d{1,3}$/.test(code)) return ofInstallScript(error, lines);
  const first = lines.find((text) => text !== '' && text !== code) ?? '';
  const telling = lines.find((text) => TELLING[code]?.test(text.trim()))?.trim() ?? first;
  const name = code === '' ? telling : `${code}: ${told(telling, lines)}`;
  const kind = OF_PROJECT.has(code) ? 'command' : 'download';
  const message = lines.filter((text) => !name.endsWith(text.trim()) && text !== code).join('\n');
  return { kind, name, message: message.trim(), place: null, line };
}

/** Without what is repeated, what is advice, and npm's own stack with what follows. */
function wordsOf(told: readonly string[]): readonly string[] {
  const stack = told.findIndex((text) => /^\s+at /.test(text));
  const said = told.slice(0, stack === -1 ? undefined : stack).map((text) => text.replace(WORD, ''));
  return said.filter((text, at) => !ADVICE.test(text.trim()) && said.indexOf(text) === at);
}

/** `npm run`, `npm test`: what is run has its own words. */
function isScript({ code, lines }: NpmError, said: readonly string[]): boolean {
  if (lines.some((text) => text.startsWith('Lifecycle script `')) || code === 'ELIFECYCLE') return true;
  return said.every((text) => text.trim() === '') && code !== 'EUSAGE' && !/^-?\d{1,3}$/.test(code);
}

/** A package that is built while it is installed. */
function ofInstallScript({ values, line }: NpmError, lines: readonly string[]): Omit<Finding, 'level'> {
  const path = values.get('path') ?? '';
  const [, inModules] = /node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path) ?? [];
  const command = values.get('command')?.replace(/^(?:failed|sh -c) ?/, '') ?? '';
  const name = `install script of ${inModules ?? path.split('/').at(-1)} failed`;
  return { kind: 'download', name, message: [command, ...lines].join('\n').trim(), place: null, line };
}

/** Short: what is out of sync counts, not that something is, and checksums are for the message. */
function told(telling: string, lines: readonly string[]): string {
  if (telling.startsWith('Integrity checksum failed')) return 'Integrity checksum failed';
  if (!telling.includes('are in sync')) return telling.replace(/(?: or|:)$/, '');
  const [first = '', ...more] = lines.filter((text) => /^(?:Missing|Invalid): /.test(text));
  return `package.json and package-lock.json are not in sync: ${first}${more.length > 0 ? ` and ${more.length} more` : ''}`;
}
