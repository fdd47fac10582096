import { accept, quoted, type Reading, refuse } from '../finding.ts';

export const BOOLEAN = '`true` or `false`';

const WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  on: true,
  yes: true,
  false: false,
  off: false,
  no: false,
};

/** `true` or `false`, in any of YAML's spellings. */
export function readBoolean(text: string): Reading<boolean> {
  const value = Object.hasOwn(WORDS, text.toLowerCase()) ? WORDS[text.toLowerCase()] : undefined;
  return value === undefined
    ? refuse('bad-value', `${quoted(text)} is neither true nor false`, { expected: BOOLEAN })
    : accept(value);
}

/**
 * The words `on` and `off`; undefined for a text that is something else, such as a command. What switches things
 * elsewhere (`true`, `no`, `disabled`) is refused with the right word, since YAML reads `no` differently from one parser to the next.
 */
export function readSwitch(text: string): Reading<'on' | 'off'> | undefined {
  if (text === 'on' || text === 'off') return accept(text);
  const isOn = meansOn(text);
  if (!isOn && !/^(?:false|no|n|off|none|never|disabled?)$/i.test(text)) return undefined;
  const instead = `write \`${isOn ? 'on' : 'off'}\``;
  return refuse('boolean-word', `${quoted(text)} switches nothing here`, { instead });
}

/** Whether a person who writes this wants something to be on. */
export function meansOn(text: string): boolean {
  return /^(?:true|yes|y|on|enabled?)$/i.test(text);
}
