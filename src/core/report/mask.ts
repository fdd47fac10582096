const MASK = '***';

/** A stretch of a text: from the first index to before the second. */
export type Span = readonly [start: number, end: number];

/**
 * Credentials known by their shape: GitHub's tokens (of any length, newer ones hold a JWT), those of GitLab, npm, Slack, Stripe and Docker Hub,
 * `Authorization` headers and user information in URLs. https://github.blog/changelog/ announces new shapes. Repetitions that can begin anywhere
 * are bounded, so that no log makes the search quadratic.
 */
const SHAPES: readonly RegExp[] = [
  /\b(?<secret>(?:gh[opsur]|github_pat)_[A-Za-z0-9_.-]{16,})/dg,
  /\b(?<secret>eyJ[A-Za-z0-9_-]{10,4096}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+)/dg,
  /\b(?<secret>glpat-[\w-]{20,}|npm_[A-Za-z0-9]{36}|xox[abeprs]-[A-Za-z0-9-]{20,}|[rs]k_live_[A-Za-z0-9]{20,}|dckr_pat_[\w-]{20,})/dg,
  /authorization:\s*(?:basic|bearer|token)\s+(?<secret>\S+)/dgi,
  // As JSON, Node, Python, Go and Ruby show a header: quoted, in a list, and that in JSON or XML.
  /authorization(?:[\\"']|&[a-z]{4};|&#\w{2,3};){0,4}\s{0,8}(?:[:=,]|=>)(?:[\s[\\"']|&[a-z]{4};|&#\w{2,3};){0,8}(?:basic|bearer|token)\s+(?<secret>[^\s"'\\\]&]+)/dgi,
  // So long a user without a password is a token.
  /:\\?\/\\?\/(?<secret>[\w-]{20,255})@/dg,
  // The last `@` ends it: programs take a password that has one. Not `\s`, which is a byte of some letters.
  /:\\?\/\\?\/[^\s/:@]{0,256}:(?<secret>[^ \t-\r/]{1,4096})@/dg,
];

/** Shorter lines of a secret of several lines are no secret: a brace, `-----`. */
const SHORTEST_LINE = 6;

/**
 * Replaces every given secret, and everything that looks like a credential, by `***`. Of a secret of several lines
 * each line is one.
 */
export function mask(text: string, secrets: Iterable<string> = []): string {
  let masked = '';
  let from = 0;
  for (const [start, end] of secretSpans(text, secrets)) {
    masked += text.slice(from, start) + MASK;
    from = end;
  }
  return masked + text.slice(from);
}

/** What `mask` replaces in a text: in order, and joined where secrets overlap, so that no rest of one is left. */
export function secretSpans(text: string, secrets: Iterable<string>): Span[] {
  const found = [...secrets].flatMap(withLines).flatMap((secret) => occurrences(text, secret));
  const shaped = SHAPES.flatMap((shape) => shapeSpans(text, shape));
  const joined: Span[] = [];
  for (const span of [...found, ...shaped].sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last === undefined || span[0] > last[1]) joined.push(span);
    else joined[joined.length - 1] = [last[0], Math.max(last[1], span[1])];
  }
  return joined;
}

function withLines(secret: string): string[] {
  return [secret, ...linesOfSecret(secret)].filter((part) => part !== '');
}

/** Lines of a secret that are secrets themselves, without the blanks around them, which programs leave out. */
export function linesOfSecret(secret: string): readonly string[] {
  if (!secret.includes('\n')) return [];
  const lines = secret.split('\n').map((line) => line.replace(/^[ \t\r]+|[ \t\r]+$/g, ''));
  return lines.filter((line) => line.length >= SHORTEST_LINE);
}

function occurrences(text: string, secret: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + 1)) {
    spans.push([at, at + secret.length]);
  }
  return spans;
}

function shapeSpans(text: string, shape: RegExp): Span[] {
  return [...text.matchAll(shape)].flatMap(({ indices }) => {
    const span = indices?.groups?.secret;
    return span === undefined ? [] : [span];
  });
}
