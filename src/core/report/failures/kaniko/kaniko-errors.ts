import type { Finding } from '../finding.ts';

/** What kaniko was doing when it failed. */
export interface KanikoWork {
  /** `COPY package.json ./`; '' before the first one. */
  readonly instruction: string;
  /** The image that it asked for last; '' when none. */
  readonly image: string;
}

/** Each says no more than where in kaniko it failed. */
const WRAPPED =
  /^(?:error (?:building image|pushing image|checking push permissions|building stage|resolving dockerfile path|resolving source context|finding target stage)|failed to execute command|failed to get files used from context|getting tag for destination|parsing dockerfile|credentials|get uid\/gid): /;
const PARSE_ERROR = /^dockerfile parse error on line (?<line>\d{1,6}): (?<text>.*)$/;
const PUSH =
  /^(?:checking push permission for "(?<checked>[^"]{1,500})"|failed to push to destination (?<pushed>\S{1,500})): (?<reason>.*)$/;
const PULL = /^(?:unable to complete operation after \d{1,6} attempts, last error: |(?:GET|HEAD|Get) )/;
/** https://distribution.github.io/distribution/spec/api/#errors-2 */
const CODE = /: [A-Z]{2,20}(?:_[A-Z]{1,20}){0,4}: (?<text>[^;]{1,400})/;
const FILE =
  /(?:lstat|stat|open|fork\/exec) (?:\/kaniko\/deps\/\d{1,4}(?=\/))?(?<path>\/[^:]{1,1000}): (?<reason>[^:]{1,200})$/;

type Told = Pick<Finding, 'name' | 'message' | 'place'>;

/** Kaniko does not say which file it reads. */
export const DOCKERFILE = 'Dockerfile';

/** What an error of kaniko means for who wrote the Dockerfile, or who set up the registry. */
export function explainKanikoError(error: string, work: KanikoWork): Told {
  const text = unwrapped(error);
  const syntax = PARSE_ERROR.exec(text)?.groups;
  if (syntax?.text !== undefined)
    return { name: syntax.text, message: '', place: { path: DOCKERFILE, line: Number(syntax.line) } };
  const name = nameOf(error, text, work);
  return { name, message: name === text ? '' : error, place: null };
}

function nameOf(error: string, text: string, { instruction, image }: KanikoWork): string {
  const push = PUSH.exec(text)?.groups;
  if (push?.reason !== undefined) return `push ${push.checked ?? push.pushed}: ${reasonOf(push.reason)}`;
  if (PULL.test(text)) return `${reasonOf(text)}: ${image}`;
  const isOfInstruction = error.includes('error building stage: ') && instruction !== '';
  return isOfInstruction ? `${instruction}: ${missingFile(text, instruction) ?? reasonOf(text)}` : text;
}

function unwrapped(error: string): string {
  let text = error;
  while (WRAPPED.test(text)) text = text.replace(WRAPPED, '');
  return text;
}

/** `manifest unknown`, `no such host`: the last words, which those before only lead to. */
function reasonOf(text: string): string {
  const first = text.split('; Get "', 1)[0] ?? text;
  const told = CODE.exec(first)?.groups?.text;
  return told ?? (first.split(': ').at(-1) ?? first).replace(/ \([^()]{1,100}\)$/, '');
}

/** A path as the instruction has it, where it does. */
function missingFile(text: string, instruction: string): string | null {
  const found = FILE.exec(text)?.groups;
  if (found?.path === undefined) return null;
  const { path, reason } = found;
  const source = instruction
    .split(/\s+/)
    .find((word) => word !== '' && path.endsWith(`/${word.replace(/^\.?\//, '')}`));
  return `${source ?? path}: ${reason}`;
}
