import { accept, quoted, type Reading, refuse } from '../../config/finding.ts';
import { meansOn, readSwitch } from '../../config/values/boolean.ts';

/** `off`, or what `read` makes of any text that is no switch. What means `on` is refused, since it says too little. */
export function readUnlessOff<T>(text: string, read: (text: string) => Reading<T>): Reading<T | 'off'> {
  const word = readSwitch(text);
  if (word === undefined) return read(text);
  if (meansOn(text)) {
    return refuse('boolean-word', `${quoted(text)} does not say which`, { instead: 'say which, or `off`' });
  }
  return word.ok ? accept('off') : word;
}

/** `off` and nothing else. */
export function readOff(text: string, expected: string): Reading<'off'> {
  return readUnlessOff(text, () => refuse('wrong-type', `${quoted(text)} is a single value`, { expected }));
}
