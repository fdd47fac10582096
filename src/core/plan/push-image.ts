import type { ImageStage } from '../config/config.ts';
import type { RunKey } from './run-key.ts';

/** Whether a run pushes the image that it builds, and why. Untrusted runs never do. */
export function pushImage(
  { push }: Pick<ImageStage, 'push'>,
  { purpose, trust, tag }: Pick<RunKey, 'purpose' | 'trust' | 'tag'>,
): { readonly push: boolean; readonly because: string } {
  if (trust === 'untrusted') return { push: false, because: 'the run is untrusted' };
  if (push === 'never') return { push: false, because: 'push is never' };
  if (push === 'always') return { push: true, because: 'push is always' };
  if (purpose === 'verify') {
    return { push: false, because: 'only the default branch and tags push their image' };
  }
  return { push: true, because: tag === null ? 'this is the default branch' : `this is the tag ${tag}` };
}
