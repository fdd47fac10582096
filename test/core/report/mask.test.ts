import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLineMasker } from '../../../src/core/report/line-masker.ts';
import { mask } from '../../../src/core/report/mask.ts';

const TOKEN = `ghs_${'a1B2'.repeat(9)}`;
const JWT = `eyJ${'a'.repeat(20)}.${'b'.repeat(40)}.${'c'.repeat(30)}`;

describe('what must not be read is replaced', () => {
  test.each([
    ['a token of an installation', `token ${TOKEN}.`, 'token ***'],
    ['a token with a JWT inside', `ghs_${JWT}_x and more`, '*** and more'],
    ['a personal token', `x=github_pat_${'a'.repeat(30)};`, 'x=***;'],
    ['a JWT', `jwt: ${JWT}`, 'jwt: ***'],
    ['a basic header', 'Authorization: Basic eDp5 next', 'Authorization: Basic *** next'],
    ['a bearer header', 'authorization:bearer abc', 'authorization:bearer ***'],
    ['a header in JSON', '{"Authorization":"Bearer abc","a":1}', '{"Authorization":"Bearer ***","a":1}'],
    [
      'a header in JSON in JSON',
      '{"Output":"{\\"authorization\\":\\"token abc\\"}"}',
      '{"Output":"{\\"authorization\\":\\"token ***\\"}"}',
    ],
    [
      'a header as Node shows it',
      "headers: { Authorization: 'Basic eDp5' }",
      "headers: { Authorization: 'Basic ***' }",
    ],
    [
      'a header as Go shows it',
      'map[Authorization:[Bearer abc] X:[y]]',
      'map[Authorization:[Bearer ***] X:[y]]',
    ],
    ['a header as Ruby shows it', '{"Authorization"=>"Bearer abc"}', '{"Authorization"=>"Bearer ***"}'],
    [
      'a password in an address',
      'https://x-access-token:s3cret@github.com/a',
      'https://x-access-token:***@github.com/a',
    ],
    ['a password with the sign that ends it', 'https://user:p@ss@host/a@b', 'https://user:***@host/a@b'],
    ['a password in an address in JSON', '"https:\\/\\/user:s3cret@host"', '"https:\\/\\/user:***@host"'],
    ['a password without a user', 'git+ssh://:s3cret@host', 'git+ssh://:***@host'],
    ['a token in the place of a user', `https://${'a1'.repeat(10)}@host/a`, 'https://***@host/a'],
    [
      'nothing of a user without a password',
      'ssh://git@github.com/acme/api',
      'ssh://git@github.com/acme/api',
    ],
    [
      'tokens of other services',
      `glpat-${'aB3_'.repeat(5)} npm_${'aB3d'.repeat(9)} xoxb-${'12-ab'.repeat(5)}`,
      '*** *** ***',
    ],
    ['tokens to pay and to push with', `sk_live_${'aB3d'.repeat(6)} dckr_pat_${'aB-3'.repeat(6)}`, '*** ***'],
    [
      'nothing in a name that begins like one',
      'npm_config_registry npm_lifecycle_script_of_mine',
      'npm_config_registry npm_lifecycle_script_of_mine',
    ],
    ['nothing in an ordinary address', 'https://github.com:443/acme/api', 'https://github.com:443/acme/api'],
    [
      'nothing in ordinary words',
      'ghs_short eyJust.kidding authorization',
      'ghs_short eyJust.kidding authorization',
    ],
  ])('%s', (_name, text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  test.each([
    ['every occurrence', 'a SECRET, b SECRET', ['SECRET'], 'a ***, b ***'],
    ['one that is part of another', 'xxSECRETyy SECRET', ['SECRET', 'xxSECRETyy'], '*** ***'],
    ['two that overlap', 'abcdef', ['abcd', 'cdef'], '***'],
    ['two that touch', 'abcd', ['ab', 'cd'], '***'],
    ['one that overlaps itself', 'aXaXa', ['aXa'], '***'],
    ['one inside a known shape', `${TOKEN}`, ['a1B2'], '***'],
    ['an empty one masks nothing', 'text', [''], 'text'],
    ['signs that mean something in patterns', 'a.*$&b', ['.*$&'], 'a***b'],
    [
      'each line of a key of several lines',
      'first: BEGIN-KEY\nsecret line\n--',
      ['BEGIN-KEY\nsecret line\r\n--'],
      'first: ***\n***\n--',
    ],
    [
      'each line of an indented text, with blanks around it or without',
      '  "key": "a1b2"\n"key": "a1b2"',
      ['{\n  "key": "a1b2" \n}'],
      '  ***\n***',
    ],
  ])('of secrets that are known: %s', (_name, text, secrets, masked) => {
    expect(mask(text, secrets)).toBe(masked);
  });

  test('no log makes it slow', () => {
    const texts = ['a.', 'eyJ-', 'a://b:', 'ghs_', 'authorization: basic '].map((part) =>
      part.repeat((64 * 1024) / part.length),
    );
    const started = performance.now();

    for (const text of texts) mask(text);

    expect(performance.now() - started).toBeLessThan(3000);
  });
});

const SECRETS = ['s3cr3t-väluе', 'another', 'othersecret'];
const bytesOf = (text: string) => new TextEncoder().encode(text);

function through(chunks: readonly Uint8Array[], secrets: readonly string[] = SECRETS): Uint8Array {
  const masker = createLineMasker(() => secrets);
  return Buffer.concat([...chunks.map((chunk) => masker.push(chunk)), masker.end()]);
}

function cut(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let from = 0;
  for (const length of lengths) {
    chunks.push(bytes.subarray(from, from + length));
    from += length;
  }
  return [...chunks, bytes.subarray(from)];
}

describe('a log that is masked while it is made', () => {
  test('leaves by whole lines', () => {
    const masker = createLineMasker(() => []);

    expect(Buffer.from(masker.push(bytesOf('one\ntw'))).toString()).toBe('one\n');
    expect(masker.push(bytesOf('o'))).toHaveLength(0);
    expect(Buffer.from(masker.push(bytesOf('\n'))).toString()).toBe('two\n');
    expect(masker.end()).toHaveLength(0);
    expect(Buffer.from(masker.push(bytesOf('rest'))).toString()).toBe('');
    expect(Buffer.from(masker.end()).toString()).toBe('rest');
  });

  test('knows secrets that came after it began', () => {
    const secrets: string[] = [];
    const masker = createLineMasker(() => secrets);
    masker.push(bytesOf('late: s3c'));

    secrets.push('s3cret');

    expect(Buffer.from(masker.push(bytesOf('ret\n'))).toString()).toBe('late: ***\n');
  });

  test.each([...SECRETS, TOKEN, JWT])('%s never leaves, wherever the log is cut', (secret) => {
    const log = bytesOf(`before ${secret} after\nand ${secret}`);

    for (let at = 0; at <= log.length; at += 1) {
      const text = Buffer.from(through(cut(log, [at]))).toString();
      expect(text).toBe('before *** after\nand ***');
    }
    expect(Buffer.from(through([...log].map((byte) => Uint8Array.of(byte)))).toString()).toBe(
      'before *** after\nand ***',
    );
  });

  test.each([SECRETS[0]!, TOKEN, `${'long '.repeat(2000)}secret`])(
    'nor where a line is let go that is too long to be held: %#',
    (secret) => {
      const length = bytesOf(secret).length;
      const held = Math.max(4096, length);
      for (const shift of [0, 1, 2, 7, length >> 1, length - 1, length]) {
        // The line is let go when `filler` and so much of the secret, or of what follows it, have come.
        for (const [before, come] of [
          [70_000, 70_000 + shift],
          [70_000, 70_000 + held + shift],
        ] as const) {
          const log = bytesOf(`${'.'.repeat(before - 1)} ${secret} ${'.'.repeat(20_000)}\n`);
          const text = Buffer.from(through(cut(log, [come]), [secret])).toString();
          expect(text).toBe(`${'.'.repeat(before - 1)} *** ${'.'.repeat(20_000)}\n`);
        }
      }
    },
  );

  test('a line without an end is not held for ever', () => {
    const masker = createLineMasker(() => SECRETS);
    let left = 0;

    for (let chunk = 0; chunk < 40; chunk += 1)
      left += masker.push(new Uint8Array(16 * 1024).fill(120)).length;

    expect(left).toBeGreaterThan(500 * 1024);
    expect(left + masker.end().length).toBe(640 * 1024);
  });

  test('a credential without an end is let go masked', () => {
    const masker = createLineMasker(() => []);

    const first = masker.push(bytesOf(`ghs_${'a'.repeat(70_000)}`));

    expect(Buffer.from(first).toString()).toBe('***');
  });

  test('a password in an address is masked, whatever bytes its letters have', () => {
    const log = bytesOf('https://user:à la càrte@host and https://user:càfé@host');

    expect(Buffer.from(through([log], [])).toString()).toBe(
      'https://user:à la càrte@host and https://user:***@host',
    );
  });

  test('a line of a secret is masked as a whole, whatever bytes its letters have', () => {
    const text = Buffer.from(through([bytesOf('voilà\n')], ['first line\nvoilà'])).toString();

    expect(text).toBe('***\n');
  });

  test('bytes that are no secret arrive unchanged, valid UTF-8 or not, however they are cut', () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(bytes, fc.array(fc.nat({ max: 20 })), (any, lengths) => {
        expect([...through(cut(any, lengths), ['no-such-secret'])]).toEqual([...any]);
      }),
    );
  });

  test('is masked to the same text however it is cut', () => {
    const piece = fc.oneof(
      fc.constantFrom(...SECRETS, ` ${TOKEN} `, '\n', ' ', 'anot', 'her', 's3cr3t'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat({ max: 20 })), (pieces, lengths) => {
        const log = bytesOf(pieces.join(''));
        const text = Buffer.from(through(cut(log, lengths))).toString();
        expect(text).toBe(Buffer.from(through([log])).toString());
        for (const secret of [...SECRETS, TOKEN]) expect(text).not.toContain(secret);
      }),
    );
  });
});
