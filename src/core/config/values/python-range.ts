/**
 * Python's version specifiers as ranges that semver reads; all of them must hold.
 * https://packaging.python.org/en/latest/specifications/version-specifiers/#version-specifiers
 */
export function semverRanges(specifiers: string): string[] {
  const clauses = specifiers.split(',').map((specifier) => clause(specifier.replace(/\s+/g, '')));
  return clauses.filter((part) => part !== '');
}

function clause(specifier: string): string {
  const match = /^(~=|===?|!=|<=?|>=?|\^|~)?(\d+(?:\.\d+)*)(\.\*)?$/.exec(specifier);
  if (match === null) return specifier;
  const [, operator = '', version = '', wildcard = ''] = match;
  // A single release left out never leaves out a whole line.
  if (operator === '!=') return wildcard === '' ? '' : excluded(version);
  if (operator === '~=') return compatible(version);
  if (operator.startsWith('==')) return `${version}${wildcard}`;
  return `${operator}${version}`;
}

/** `~=3.11` allows every 3 from 3.11 on, `~=3.11.2` every 3.11 from 3.11.2 on. */
function compatible(version: string): string {
  const parts = version.split('.').map(Number);
  const upper = [...parts.slice(0, -2), (parts.at(-2) ?? 0) + 1];
  return `>=${version} <${upper.join('.')}`;
}

/** Everything but one minor line: what lies before it, or after it. */
function excluded(version: string): string {
  const [major = '3', minor = '0'] = version.split('.');
  return `<${major}.${minor} || >=${major}.${Number(minor) + 1}`;
}
