import { accept, quoted, type Reading, refuse } from '../finding.ts';

export const BOOLEAN = '`true` or `false`';

const WORDS: Readonly<Record<string, boolean>> = { true: true, on: true, yes: true, false: false, off: false, no: false };

/** `true` or `false`, in any of YAML's spellings. */
export function readBoolean(text: string): Reading<boolean> {
  const value = Object.hasOwn(WORDS, text.toLowerCase()) ? WORDS[text.toLowerCase()] : undefined;
  return value === undefined
    ? refuse('bad-value', `${quoted(text)} is neither true nor false`, { expected: BOOLEAN })
    : accept(value);
}

/** What people write for on and off elsewhere; stages have one word for each, so that a command called `yes` is no question. */
export function onOrOff(text: string): 'on' | 'off' | undefined {
  if (/^(?:true|yes|y|on|enabled?)$/i.test(text)) return 'on';
  return /^(?:false|no|n|off|none|never|disabled?)$/i.test(text) ? 'off' : undefined;
}
