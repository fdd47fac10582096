import type {
  CloneSettings,
  Grants,
  PodTemplate,
  RepositoryOverrides,
  RepositorySettings,
  SecretKey,
  SharedOverrides,
  SharedSettings,
} from './settings.ts';

/** What an entry of `repositories` says over the settings of less specific ones. */
export function layerRepository(base: RepositorySettings, over: RepositoryOverrides): RepositorySettings {
  const { pullPolicy, startTimeout } = base;
  return {
    ...layerShared(base, over),
    ...layerGrants(base, over),
    pullPolicy,
    startTimeout,
    limits: { ...base.limits, ...over.limits },
  };
}

/**
 * What one level says over the settings of the less specific ones. Maps of independent keys are merged key by key; single
 * values, lists and maps of alternatives (`storage`) replace what was there.
 */
export function layerShared(base: SharedSettings, over: SharedOverrides): SharedSettings {
  return {
    namespace: over.namespace ?? base.namespace,
    layout: over.layout ?? base.layout,
    storage: over.storage ?? base.storage,
    ...withoutOff({ cache: over.cache ?? base.cache }),
    timeout: over.timeout ?? base.timeout,
    resources: { ...base.resources, ...over.resources },
    images: { ...base.images, ...over.images },
    kaniko: { ...base.kaniko, ...over.kaniko },
    clone: layerClone(base.clone, over.clone),
    podTemplate: layerPodTemplate(base.podTemplate, over.podTemplate),
    git: over.git ?? base.git,
    submodules: over.submodules ?? base.submodules,
  };
}

function layerGrants(base: Grants, over: RepositoryOverrides): Grants {
  return {
    ...withoutOff({
      serviceAccount: over.serviceAccount ?? base.serviceAccount,
      dockerconfig: over.dockerconfig ?? base.dockerconfig,
      deploy: over.deploy ?? base.deploy,
    }),
    // Every key here is a name of the operator's choice.
    secrets: withoutOff({ ...base.secrets, ...over.secrets }) as Readonly<Record<string, SecretKey>>,
  };
}

function layerClone(base: CloneSettings, over: SharedOverrides['clone'] = {}): CloneSettings {
  const { sslVerify, refspec, subdirectory, ...proxies } = { ...base, ...over };
  return { sslVerify, refspec, subdirectory, ...withoutOff(proxies) };
}

function layerPodTemplate(base: PodTemplate, over: SharedOverrides['podTemplate'] = {}): PodTemplate {
  const { runtimeClassName, priorityClassName, schedulerName, ...kept } = { ...base, ...over };
  return {
    ...kept,
    nodeSelector: { ...base.nodeSelector, ...over.nodeSelector },
    ...withoutOff({ runtimeClassName, priorityClassName, schedulerName }),
  };
}

type WithoutOff<Map> = { readonly [Key in keyof Map]?: Exclude<Map[Key], 'off' | undefined> };

/** The keys that have a value: `off` takes away what a less specific level gave. */
function withoutOff<Map extends object>(map: Map): WithoutOff<Map> {
  const present = Object.entries(map).filter(([, value]) => value !== undefined && value !== 'off');
  return Object.fromEntries(present) as WithoutOff<Map>; // the filter leaves exactly these
}
