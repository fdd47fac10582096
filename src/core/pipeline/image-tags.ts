import type { RenderInput } from './render-input.ts';

/** https://github.com/distribution/reference/blob/main/regexp.go */
const TAG_LENGTH = 128;

/** The tag that a run's image always has, and that a deploy names: the commit. */
export function imageTag({ run }: RenderInput): string {
  return run.project.image === undefined ? '' : run.key.sha;
}

/** All tags of a run's image: the commit, the branch or tag, and those of the config. */
export function imageTags({ run, source }: RenderInput): string[] {
  const name = tagOfRef(source.tag === '' ? source.branch : source.tag);
  const named = isTaken(name) ? [] : [name];
  return [...new Set([run.key.sha, ...named, ...(run.project.image?.tags ?? [])])];
}

/** A branch or tag as an image tag: what a tag cannot hold is `-`. */
function tagOfRef(name: string): string {
  return name
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, TAG_LENGTH);
}

/** A branch must not take the tag of a commit, nor `latest`, which has to be asked for. */
function isTaken(tag: string): boolean {
  return tag === '' || tag === 'latest' || /^[0-9a-f]{40}$/.test(tag);
}
