import type { CST } from 'yaml';
import { LIMITS } from '../limits.ts';

export interface TokenScan {
  /** Where collections nest deeper than the limit. */
  readonly tooDeep?: number;
  /** Where a quote, bracket or brace that is never closed was opened. */
  readonly unclosed: readonly { readonly offset: number; readonly character: string }[];
  /** Every `!tag`. */
  readonly tags: readonly CST.SourceToken[];
}

/**
 * Looks over the parser's tokens before they are composed: composing is recursive, so a nesting without bound would end
 * the stack, and it reports what is unclosed at the end of the file, where nobody looks for it.
 */
export function scanTokens(tokens: readonly CST.Token[]): TokenScan {
  const unclosed: { offset: number; character: string }[] = [];
  const tags: CST.SourceToken[] = [];
  const waiting: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > LIMITS.depth) return { tooDeep: token.offset, unclosed, tags };
    const character = unclosedBy(token);
    if (character !== undefined) unclosed.push({ offset: token.offset, character });
    tags.push(...tagsOf(token));
    for (const child of childrenOf(token)) waiting.push({ token: child, depth: depth + 1 });
  }
  return { unclosed: unclosed.toSorted((a, b) => a.offset - b.offset), tags };
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap((item) => [item.key, item.value].filter(isToken));
}

function tagsOf(token: CST.Token): CST.SourceToken[] {
  const items = 'items' in token ? token.items : token.type === 'document' ? [{ start: token.start }] : [];
  return items.flatMap((item) => [...item.start, ...('sep' in item ? (item.sep ?? []) : [])]).filter(isTag);
}

function isTag({ type }: CST.SourceToken): boolean {
  return type === 'tag';
}

function isToken(token: CST.Token | null | undefined): token is CST.Token {
  return token !== null && token !== undefined;
}

function unclosedBy(token: CST.Token): string | undefined {
  if (token.type === 'double-quoted-scalar' || token.type === 'single-quoted-scalar') {
    const quote = token.source.charAt(0);
    return isClosed(token.source, quote) ? undefined : quote;
  }
  if (token.type !== 'flow-collection') return undefined;
  const open = token.start.source;
  const close = open === '[' ? 'flow-seq-end' : 'flow-map-end';
  return token.end.some((end) => end.type === close) ? undefined : open;
}

function isClosed(source: string, quote: string): boolean {
  if (source.length < 2 || !source.endsWith(quote)) return false;
  const body = source.slice(1, -1);
  return quote === '"' ? !/(?<!\\)(?:\\\\)*\\$/.test(body) : body.replaceAll("''", '').indexOf("'") === -1;
}
