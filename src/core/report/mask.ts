const MASK = '***';

/**
 * Credentials known by their shape: GitHub's tokens (of any length, newer ones hold a JWT), `Authorization` headers and
 * user information in URLs. https://github.blog/changelog/ announces new shapes.
 */
const SHAPES: readonly [RegExp, string][] = [
  [/\b(?:gh[opsur]|github_pat)_[A-Za-z0-9_.-]{16,}/g, MASK],
  [/\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+/g, MASK],
  [/(authorization:\s*(?:basic|bearer|token)\s+)\S+/gi, `$1${MASK}`],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+@/gi, `$1${MASK}@`],
];

/** Replaces every given secret, and everything that looks like a credential, by `***`. */
export function mask(text: string, secrets: Iterable<string> = []): string {
  let masked = text;
  for (const secret of secrets) {
    if (secret !== '') masked = masked.replaceAll(secret, MASK);
  }
  return SHAPES.reduce((result, [shape, replacement]) => result.replace(shape, replacement), masked);
}
