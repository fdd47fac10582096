import type { GitCredential } from '../settings/settings.ts';
import { foreignList, ours } from './env.ts';
import type { EnvVar, WorkspaceBinding } from './pipeline-run.ts';
import type { RenderInput } from './render-input.ts';

/** The operator's basic-auth Secrets for git: of trusted runs only, and seen by the clone step alone. */
export function gitSecretBindings(input: RenderInput): WorkspaceBinding[] {
  return credentialsOf(input).map(({ secret }, index) => ({
    name: workspaceName(index),
    secret: { secretName: secret },
  }));
}

/** The addresses that the Secrets are for, and the folders that hold them, as the clone script reads them. */
export function gitSecretEnv(input: RenderInput): EnvVar[] {
  const credentials = credentialsOf(input);
  if (credentials.length === 0) return [];
  return [
    ...foreignList(
      'TEKTON_CI_GIT_URL',
      credentials.map(({ url }) => url ?? originOf(input.source.cloneUrl)),
    ),
    ...credentials.map((_credential, index) =>
      ours(`TEKTON_CI_GIT_FOLDER_${index + 1}`, `$(workspaces.${workspaceName(index)}.path)`),
    ),
  ];
}

/** `https://github.com` of `https://github.com/acme/api.git`; what is no such address stays whole. */
export function originOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i.exec(url)?.[0] ?? url;
}

function credentialsOf({ run, settings }: RenderInput): readonly GitCredential[] {
  return run.key.trust === 'trusted' ? settings.git : [];
}

function workspaceName(index: number): string {
  return `git-${index + 1}`;
}
