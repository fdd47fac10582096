import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { imageTags } from '../../../src/core/pipeline/image-tags.ts';
import { anyText } from '../../any-text.ts';
import { SHA } from '../plan/examples.ts';
import { renderInput } from './examples.ts';

function tags(source: { branch?: string; tag?: string }, further: readonly string[] = []): string[] {
  const image = {
    name: 'a',
    dockerfile: '',
    context: '',
    buildArgs: {},
    tags: further,
    push: 'auto',
    args: [],
  } as const;
  return imageTags(renderInput({ image }, { branch: '', tag: '', ...source }));
}

describe('the tags of an image', () => {
  test.each([
    [{ branch: 'main' }, [SHA, 'main']],
    [{ tag: 'v1.2.0' }, [SHA, 'v1.2.0']],
    [{ branch: 'feature/fast thing' }, [SHA, 'feature-fast-thing']],
    [{ branch: '.hidden' }, [SHA, 'hidden']],
    [{ branch: '日本' }, [SHA]],
    [{}, [SHA]],
  ])('of %j are the commit and the name', (source, expected) => {
    expect(tags(source)).toEqual(expected);
  });

  test.each(['latest', '/latest', 'f'.repeat(40)])(
    'a branch called %s takes no tag that is not its own',
    (branch) => {
      expect(tags({ branch })).toEqual([SHA]);
    },
  );

  test('`latest` and others are those that the config asks for, each once', () => {
    expect(tags({ branch: 'main' }, ['latest', 'main', 'stable'])).toEqual([SHA, 'main', 'latest', 'stable']);
  });

  test('are valid whatever the branch is called', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 200 }), (branch) => {
        for (const tag of tags({ branch })) expect(tag).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/);
      }),
    );
  });
});
