import { describe, expect, test } from '@jest/globals';
import { plainText } from '../../../src/web/log/plain-text.ts';

const ESC = '\u001b';

describe('plainText', () => {
  test.each([
    ['plain words', 'ok  github.com/acme/api\t0.4s', 'ok  github.com/acme/api\t0.4s'],
    ['colours', `${ESC}[1;31mFAIL${ESC}[0m rest`, 'FAIL rest'],
    ['true colours', `${ESC}[38;2;255;0;0mred${ESC}[39m`, 'red'],
    ['cursor tricks', `${ESC}[2J${ESC}[1;1Hgone?${ESC}[1A${ESC}[K`, 'gone?'],
    ['a link', `${ESC}]8;;https://evil.example${ESC}\\click${ESC}]8;;${ESC}\\`, 'click'],
    ['a window title', `${ESC}]0;title\u0007text`, 'text'],
    ['one-byte sequences', '\u009b31mred\u009b0m', 'red'],
    ['a progress bar', '10%\r50%\r100%', '100%'],
    ['a Windows line', 'text\r', 'text'],
    ['nothing but returns', '\r\r', ''],
    ['a coloured progress bar', `${ESC}[32m10%\r${ESC}[32m20%${ESC}[0m\r`, '20%'],
  ])('%s', (_, line, expected) => {
    expect(plainText(line)).toBe(expected);
  });
});
