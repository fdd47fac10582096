import { readFileSync } from 'node:fs';
import type { Json } from './world.ts';

interface Example {
  readonly name: string;
  readonly examples: readonly Json[];
}

let loaded: readonly Example[] | undefined;

/**
 * A fresh copy of one of GitHub's own example payloads, which tells what a payload holds beside what we fill in; of another action when
 * there is none that fits.
 */
export function example(event: string, fits: (payload: Json) => boolean = () => true): Json {
  loaded ??= JSON.parse(
    readFileSync(
      new URL('../../node_modules/@octokit/webhooks-examples/api.github.com/index.json', import.meta.url),
      'utf8',
    ),
  ) as Example[];
  const examples = loaded.find(({ name }) => name === event)?.examples ?? [];
  const found = examples.find(fits) ?? examples[0];
  if (found === undefined) throw new Error(`there is no example of ${event}`);
  return structuredClone(found);
}
