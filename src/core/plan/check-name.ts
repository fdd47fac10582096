/**
 * Name of a check: `tekton-ci` for the gate and for a repository that is one project, `tekton-ci / web` for a
 * project of several; a tag's checks carry its name, so that the branch's gate on the same commit stays.
 */
export function checkName(options: { readonly project?: string; readonly tag?: string | null }): string {
  const project = options.project === undefined ? '' : ` / ${options.project}`;
  const tag = options.tag == null ? '' : ` (tag ${options.tag})`;
  return `tekton-ci${project}${tag}`;
}
