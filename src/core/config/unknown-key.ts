import { closest, distance } from 'fastest-levenshtein';
import { quoted, type Refusal } from './finding.ts';

/**
 * What to say of a key that has no meaning at its place.
 * `where` is the path of the map that holds it, empty at the top level; `known` are that map's keys.
 */
export type ExplainKey = (key: string, known: readonly string[], where: string) => Refusal;

/** Other systems' words for keys of maps. */
export type Synonyms = Readonly<Record<string, readonly string[]>>;

/** What every file says of a key that it has no better advice for: a near one, one that means the same, or all there are. */
export function unknownKey(
  key: string,
  known: readonly string[],
  { where, synonyms }: { where: string; synonyms: Synonyms },
): Refusal {
  const message = unknownKeyMessage(key, where);
  const near = nearest(key, known) ?? synonym(key, known, synonyms);
  if (near !== undefined) return { code: 'unknown-key', message, instead: `did you mean \`${near}\`?` };
  return { code: 'unknown-key', message, expected: `one of ${known.join(', ')}` };
}

export function unknownKeyMessage(key: string, where: string): string {
  return `Unknown key ${quoted(key)}${where === '' ? '' : ` in ${quoted(where)}`}`;
}

function synonym(key: string, known: readonly string[], synonyms: Synonyms): string | undefined {
  const words = Object.hasOwn(synonyms, key) ? synonyms[key] : undefined;
  return words?.find((word) => known.includes(word));
}

/** The known word that a typing mistake may have meant: at most a third of its letters differ, or their order does. */
function nearest(word: string, known: readonly string[]): string | undefined {
  const typed = word.toLowerCase().slice(0, 64).replaceAll('-', '_');
  const swapped = known.find((candidate) => sortedLetters(candidate) === sortedLetters(typed));
  const candidate = swapped ?? (known.length === 0 ? undefined : closest(typed, known));
  if (candidate === undefined || candidate === swapped) return candidate;
  return distance(typed, candidate) <= Math.max(1, Math.floor(candidate.length / 3)) ? candidate : undefined;
}

function sortedLetters(word: string): string {
  return [...word].toSorted().join('');
}
