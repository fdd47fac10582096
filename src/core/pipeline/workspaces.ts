import { cacheBinding } from './cache.ts';
import { KUBECONFIG } from './deploy-identity.ts';
import { claimFolder } from './folders.ts';
import { gitSecretBindings } from './git-secrets.ts';
import type { EmbeddedTask, WorkspaceBinding } from './pipeline-run.ts';
import type { RenderInput } from './render-input.ts';
import type { RunName } from './run.ts';
import { GIT_CREDENTIALS } from './stages/clone.ts';
import { projectTitle } from './step-context.ts';

/** The workspace of a shared claim that holds the folders of all of a project's runs; only the clean-up sees it. */
export const RUNS = 'runs';

/** Name of the Secret that brings a run's git token; its keys are `token` and `url`. */
export function gitSecretName(name: RunName): string {
  return `${name}-git`;
}

/** What the workspaces of a run are bound to: those that its tasks name, in a fixed order. */
export function workspaceBindings(
  name: RunName,
  tasks: readonly EmbeddedTask[],
  input: RenderInput,
): WorkspaceBinding[] {
  const named = new Set(tasks.flatMap(({ workspaces = [] }) => workspaces.map(({ workspace }) => workspace)));
  return allBindings(name, input).filter((binding) => named.has(binding.name));
}

function allBindings(name: RunName, input: RenderInput): WorkspaceBinding[] {
  const { storage, deploy } = input.settings;
  const kubeconfig = deploy !== undefined && 'kubeconfig' in deploy ? deploy.kubeconfig : '';
  const claim = 'claim' in storage ? storage.claim : '';
  return [
    sourceBinding(name, input),
    { name: RUNS, persistentVolumeClaim: { claimName: claim }, subPath: runsFolder(input) },
    { name: GIT_CREDENTIALS, secret: { secretName: gitSecretName(name) } },
    ...gitSecretBindings(input),
    ...cacheBinding(input),
    { name: KUBECONFIG, secret: { secretName: kubeconfig } },
  ];
}

function sourceBinding(name: RunName, input: RenderInput): WorkspaceBinding {
  const { layout, storage } = input.settings;
  if (layout === 'pod') return { name: 'source', emptyDir: {} };
  if ('claim' in storage) {
    const subPath = `${runsFolder(input)}/${name}`;
    return { name: 'source', persistentVolumeClaim: { claimName: storage.claim }, subPath };
  }
  return {
    name: 'source',
    volumeClaimTemplate: {
      spec: {
        accessModes: ['ReadWriteOnce'],
        ...(storage.class === undefined ? {} : { storageClassName: storage.class }),
        resources: { requests: { storage: storage.size } },
      },
    },
  };
}

/** `<owner>/<repo>/<project>` of a shared claim. */
function runsFolder(input: RenderInput): string {
  return claimFolder(input.source.repository, projectTitle(input));
}
