import fc from 'fast-check';

/** A secret, and how programs show it. */
export interface GeneratedSecret {
  readonly value: string;
  /** The run was given it; else it is known by its shape alone. */
  readonly given: boolean;
  /** What is written: the secret itself, or what makes its shape. */
  show(value: string): string;
}

const BASE64 = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'];
const WORD = BASE64.slice(0, -2);
const SIGNS = [...'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'];
const LETTERS = ['a', 'Z', '7', 'ä', 'ß', 'à', 'é', '日', '本', 'ж', '😀', '/', '"', '<'];

/** Of these characters; it begins and ends with a letter, for blanks around a secret are left out by many programs. */
function text(unit: readonly string[], minLength: number, maxLength: number): fc.Arbitrary<string> {
  const inner = fc.string({
    unit: fc.constantFrom(...unit),
    minLength: minLength - 2,
    maxLength: maxLength - 2,
  });
  const edge = fc.constantFrom(...WORD);
  return fc.tuple(edge, inner, edge).map((parts) => parts.join(''));
}

const word = (length: number) => text(WORD, length, length);
const prefixed = (prefix: string, length: number) => word(length).map((rest) => `${prefix}${rest}`);

const jwt = fc
  .tuple(word(20), word(40), word(43))
  .map(([head, body, signature]) => `eyJ${head}.${body}.${signature}`);

const pem = fc
  .tuple(
    fc.constantFrom('PRIVATE', 'RSA PRIVATE', 'OPENSSH PRIVATE'),
    fc.array(word(64), { minLength: 1, maxLength: 2 }),
    word(30),
  )
  .map(([kind, lines, last]) =>
    [`-----BEGIN ${kind} KEY-----`, ...lines, `${last}==`, `-----END ${kind} KEY-----`].join('\n'),
  );

/** Over lines as its authors indent it, and in one. */
const json = fc
  .tuple(text([...WORD, ...SIGNS], 10, 40), word(24), fc.constantFrom(0, 2))
  .map(([password, id, indent]) => JSON.stringify({ clientSecret: password, keyId: id }, null, indent))
  .map((object) => object.replace(/^\{\n */, '{').replace(/\n\}$/, '}'));

const GIVEN: readonly (readonly [weight: number, values: fc.Arbitrary<string>])[] = [
  [12, text(WORD, 8, 60)],
  [12, text([...WORD, ...SIGNS], 8, 40)],
  [8, text([...'ab9"\'\\<>&'], 8, 30)],
  [6, text([...WORD, ' ', ' '], 10, 50)],
  [8, text(LETTERS, 8, 40)],
  [3, text(BASE64, 100, 200)],
  [4, pem],
  [4, json],
  [2, text([...'abc9\n'], 20, 40).map((lines) => `first-${lines}`.replace(/\n+/g, '\nin-its-line-'))],
  [2, prefixed('ghp_', 36)],
  [2, prefixed('AKIA', 16)],
  [2, prefixed('xoxb-1234567890-', 24)],
  [2, prefixed('glpat-', 20)],
  [2, prefixed('npm_', 36)],
];

const SHAPED: readonly (readonly [values: fc.Arbitrary<string>, show: GeneratedSecret['show']])[] = [
  [prefixed('ghp_', 36), (token) => token],
  [prefixed('ghs_', 36), (token) => token],
  [prefixed('github_pat_', 82), (token) => token],
  [jwt, (token) => token],
  [word(40), (token) => `> Authorization: Bearer ${token}`],
  [text(BASE64, 12, 60), (login) => `authorization: basic ${login}`],
  [word(40), (token) => `headers: { Authorization: 'Bearer ${token}' }`],
  [text([...WORD, ...'!$&()*+,;=:@%é'], 8, 40), (password) => `https://user:${password}@host/path`],
];

const generated: fc.Arbitrary<GeneratedSecret> = fc.oneof(
  ...GIVEN.map(([weight, values]) => ({
    weight,
    arbitrary: values.map((value) => ({ value, given: true, show: (shown: string) => shown })),
  })),
  ...SHAPED.map(([values, show]) => ({
    weight: 2,
    arbitrary: values.map((value) => ({ value, given: false, show })),
  })),
);

/** The same ones every time; see `PROPERTY_SEED`. */
export function generatedSecrets(count: number): readonly GeneratedSecret[] {
  return fc.sample(generated, count);
}
