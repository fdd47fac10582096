import { durationKey, resources } from '../../config/schema/resources-schema.ts';
import { described, scalar } from '../../config/schema/scalar.ts';
import { LABEL_PATTERN, readLabel } from '../../config/values/names.ts';
import { cloneKey, gitKey, submodulesKey } from './clone-schema.ts';
import { imagesKey, kanikoKey } from './images-schema.ts';
import { podTemplateKey } from './pod-template-schema.ts';
import { word } from './scalars.ts';
import { cacheKey, storageKey } from './storage-schema.ts';

/** Keys of the top level and of every entry of `repositories`. */
export const sharedShape = {
  namespace: described(
    scalar(readLabel, 'a namespace', { type: ['string', 'number'], pattern: LABEL_PATTERN }),
    'The namespace that runs are made in; Secrets, claims and service accounts are looked for there.',
    { default: 'ci' },
  ).exactOptional(),
  layout: described(
    word(['pod', 'tasks']),
    'Where the stages run: `pod`, steps of one pod without a claim; `tasks`, a task each on a claim.',
    { default: 'pod' },
  ).exactOptional(),
  storage: storageKey.exactOptional(),
  cache: cacheKey.exactOptional(),
  timeout: durationKey('The most that a repository may ask for.', { default: '2h' }).exactOptional(),
  resources: described(resources, 'Cpu and memory of stages that ask for none.', {
    default: { cpu: '500m', memory: '1Gi' },
  }).exactOptional(),
  images: imagesKey.exactOptional(),
  kaniko: kanikoKey.exactOptional(),
  clone: cloneKey.exactOptional(),
  podTemplate: podTemplateKey.exactOptional(),
  git: gitKey.exactOptional(),
  submodules: submodulesKey.exactOptional(),
};
