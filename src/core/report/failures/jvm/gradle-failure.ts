import type { Finding } from '../finding.ts';

/** What failed there tells why itself. */
const TOLD =
  /^(?:There were failing tests|Compilation failed|Compilation error|Process 'command .{1,400}' finished with non-zero exit value)/;
const CAUSE = /^ {0,40}> (?<text>.*)$/;
const MISSING = /^Could not (?:find [^\s:]{1,200}:\S|GET |HEAD |download |get )/;

/** What is below `* What went wrong:`: causes, each further in than what it is the cause of. */
export function explainGradleFailure(
  lines: readonly string[],
): readonly Pick<Finding, 'kind' | 'name' | 'message'>[] {
  const causes = lines.flatMap((line) => CAUSE.exec(line)?.groups?.text ?? []);
  if (causes.some((cause) => TOLD.test(cause))) return [];
  const missing = causes.filter((cause, at) => MISSING.test(cause) && causes.indexOf(cause) === at);
  const message = lines.join('\n').trim();
  if (missing.length > 0)
    return missing.map((name) => ({
      kind: 'download',
      name: name.replace(/\.$/, ''),
      message: missing.length === 1 ? message : '',
    }));
  const name = causes.at(-1) ?? lines.find((line) => line !== '');
  if (name === undefined) return [];
  const kind = causes.some((cause) => cause.startsWith('Could not resolve ')) ? 'download' : 'command';
  return [{ kind, name, message: message === name ? '' : message }];
}
