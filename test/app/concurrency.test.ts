import { describe, expect, test } from '@jest/globals';
import { createInTurn, createOnceEach } from '../../src/app/concurrency.ts';
import { settled } from './fakes/fake-clock.ts';

/** Works that end when they are told to. */
function createWorks() {
  const begun: string[] = [];
  const ends = new Map<string, { resolve: (value: string) => void; reject: (error: Error) => void }>();
  return {
    begun,
    ends,
    work: (name: string) => () => {
      begun.push(name);
      return new Promise<string>((resolve, reject) => ends.set(name, { resolve, reject }));
    },
  };
}

describe('what is asked for twice at the same time', () => {
  test('is done once, and both get the answer', async () => {
    const once = createOnceEach<string>();
    const { work, begun, ends } = createWorks();

    const answers = Promise.all([
      once('a', work('first')),
      once('a', work('second')),
      once('b', work('other')),
    ]);
    ends.get('first')?.resolve('done');
    ends.get('other')?.resolve('also done');

    expect(await answers).toEqual(['done', 'done', 'also done']);
    expect(begun).toEqual(['first', 'other']);
  });

  test('is done again when it is asked for later, after a failure too', async () => {
    const once = createOnceEach<string>();
    const { work, begun, ends } = createWorks();
    const first = once('a', work('first'));
    ends.get('first')?.reject(new Error('no'));
    await expect(first).rejects.toThrow('no');

    const second = once('a', work('second'));
    ends.get('second')?.resolve('yes');

    expect(await second).toBe('yes');
    expect(begun).toEqual(['first', 'second']);
  });
});

describe('works in turn', () => {
  test('of one key follow each other, those of others do not wait', async () => {
    const inTurn = createInTurn();
    const { work, begun, ends } = createWorks();
    const answers = Promise.all([inTurn('a', work('a1')), inTurn('a', work('a2')), inTurn('b', work('b1'))]);

    await settled();
    expect(begun).toEqual(['a1', 'b1']);
    ends.get('a1')?.resolve('1');
    await settled();
    expect(begun).toEqual(['a1', 'b1', 'a2']);
    ends.get('a2')?.resolve('2');
    ends.get('b1')?.resolve('3');

    expect(await answers).toEqual(['1', '2', '3']);
  });

  test('go on after one that failed', async () => {
    const inTurn = createInTurn();
    const { work, ends } = createWorks();
    const first = inTurn('a', work('a1'));
    const second = inTurn('a', work('a2'));

    await settled();
    ends.get('a1')?.reject(new Error('no'));
    await expect(first).rejects.toThrow('no');
    await settled();
    ends.get('a2')?.resolve('yes');

    expect(await second).toBe('yes');
  });
});
