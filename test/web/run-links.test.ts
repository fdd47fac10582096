import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRunLinks } from '../../src/web/run-links.ts';
import { anyText } from '../any-text.ts';

const links = createRunLinks({ baseUrl: 'https://ci.example.com', secret: 'webhook secret' });

describe('run links', () => {
  test('an address has the run’s name and at least 128 bits that nobody can guess', () => {
    const [, name, signature] = /^https:\/\/ci\.example\.com\/runs\/([^/]+)\/([\w-]+)$/.exec(
      links.url('api-4f2c9ab-1d0e3776'),
    )!;

    expect(name).toBe('api-4f2c9ab-1d0e3776');
    expect(Buffer.from(signature!, 'base64url').length).toBeGreaterThanOrEqual(16);
    expect(links.verify(name!, signature!)).toBe(true);
  });

  test('the base may have a path and slashes at its end', () => {
    const url = createRunLinks({ baseUrl: 'https://example.com/ci//', secret: 's' }).url('run');

    expect(url).toMatch(/^https:\/\/example\.com\/ci\/runs\/run\/[\w-]+$/);
  });

  test('the same secret gives the same links after a restart, another secret others', () => {
    const again = createRunLinks({ baseUrl: 'https://ci.example.com', secret: 'webhook secret' });
    const other = createRunLinks({ baseUrl: 'https://ci.example.com', secret: 'webhook secre' });

    expect(again.url('run')).toBe(links.url('run'));
    expect(other.verify('run', signatureOf(links.url('run')))).toBe(false);
  });

  test('another generation ends the links of before', () => {
    const options = { baseUrl: 'https://ci.example.com', secret: 'webhook secret' };
    const next = createRunLinks({ ...options, generation: '2' });

    expect(createRunLinks({ ...options, generation: '' }).url('run')).toBe(links.url('run'));
    expect(next.verify('run', signatureOf(links.url('run')))).toBe(false);
    expect(next.verify('run', signatureOf(next.url('run')))).toBe(true);
  });

  test('a signature opens its own name only, and only as it was written', () => {
    const signature = signatureOf(links.url('run'));

    expect(links.verify('run2', signature)).toBe(false);
    for (const tampered of [
      '',
      signature.slice(1),
      `${signature}=`,
      `${signature}A`,
      signature.toUpperCase(),
    ]) {
      expect(links.verify('run', tampered)).toBe(false);
    }
    fc.assert(
      fc.property(fc.nat(signature.length - 1), anyText({ maxLength: 2 }), (at, put) => {
        fc.pre(signature[at] !== put);
        expect(links.verify('run', signature.slice(0, at) + put + signature.slice(at + 1))).toBe(false);
      }),
    );
  });

  test('any name survives the way through an address', () => {
    fc.assert(
      fc.property(anyText(), (name) => {
        const [encoded, signature] = links.url(name).split('/').slice(-2);

        expect(decodeURIComponent(encoded!)).toBe(name);
        expect(links.verify(name, signature!)).toBe(true);
      }),
    );
  });
});

function signatureOf(url: string): string {
  return url.split('/').at(-1)!;
}
