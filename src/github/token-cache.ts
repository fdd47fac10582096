import type { Clock } from '../app/ports.ts';

export interface Token {
  readonly token: string;
  readonly expiresAt: Date;
}

export interface TokenCache {
  /** The key's token; `mint` is called when there is none with enough time left, and only once however many ask. */
  get(key: string, mint: () => Promise<Token>): Promise<Token>;
  /** GitHub refused the token: the next `get` mints another. */
  forget(key: string): void;
}

/** Keeps tokens in memory until less than `minLeftMs` of their life is left. */
export function createTokenCache(clock: Pick<Clock, 'now'>, minLeftMs: number): TokenCache {
  const tokens = new Map<string, Promise<Token>>();

  async function get(key: string, mint: () => Promise<Token>): Promise<Token> {
    const known = tokens.get(key);
    if (known === undefined) return remember(key, mint());
    const token = await known;
    if (token.expiresAt.getTime() - clock.now().getTime() >= minLeftMs) return token;
    if (tokens.get(key) === known) return remember(key, mint());
    return get(key, mint);
  }

  function remember(key: string, minted: Promise<Token>): Promise<Token> {
    tokens.set(key, minted);
    minted.catch(() => {
      if (tokens.get(key) === minted) tokens.delete(key);
    });
    return minted;
  }

  return { get, forget: (key) => void tokens.delete(key) };
}
