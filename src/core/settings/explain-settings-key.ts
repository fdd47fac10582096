import { TOOLCHAIN_NAMES } from '../config/config.ts';
import { quoted, type Refusal } from '../config/finding.ts';
import { projectShape } from '../config/schema/project-schema.ts';
import { type Synonyms, unknownKey, unknownKeyMessage } from '../config/unknown-key.ts';

/** Words of Kubernetes, Tekton and other systems for keys of ours. */
const SYNONYMS: Synonyms = {
  imagePullPolicy: ['pullPolicy'],
  serviceAccountName: ['serviceAccount'],
  storageClass: ['class'],
  storageClassName: ['class'],
  claimName: ['claim'],
  pvc: ['claim', 'storage'],
  persistentVolumeClaim: ['claim', 'storage'],
  volumeClaimTemplate: ['storage'],
  registry: ['dockerconfig'],
  credentials: ['git'],
  concurrency: ['limits'],
  retention: ['keep'],
  days: ['for'],
  builder: ['kaniko'],
  golang: ['go'],
  nodejs: ['node'],
  maven: ['java'],
  helm: ['deploy'],
  kubectl: ['deploy'],
  flags: ['args'],
  proxy: ['httpsProxy'],
  secretName: ['secret', 'name'],
  requests: ['cpu'],
  limits: ['cpu'],
};

const FOR_ALL = ['startTimeout', 'pullPolicy', 'keep', 'bots', 'repositories'];
const FOR_SOME = ['serviceAccount', 'dockerconfig', 'deploy', 'secrets'];

/** What to say of a key that has no meaning at its place in the operator settings; an `ExplainKey`. */
export function explainSettingsKey(key: string, known: readonly string[], where: string): Refusal {
  const home = homeOf(key, known, where);
  if (home !== undefined) {
    return { code: 'misplaced-key', message: unknownKeyMessage(key, where), instead: home };
  }
  const isLevel = known.includes('namespace');
  if (isLevel && isProjectKey(key)) {
    return {
      code: 'foreign-key',
      message: `${quoted(key)} is a key of .tekton-ci.yml`,
      instead: "move it into the repository's .tekton-ci.yml",
    };
  }
  return unknownKey(key, known, { where, synonyms: SYNONYMS });
}

/** Where a key belongs that exists elsewhere in the settings. */
function homeOf(key: string, known: readonly string[], where: string): string | undefined {
  const isTop = known.includes('repositories');
  const isRepository = known.includes('secrets');
  if (isTop && FOR_SOME.includes(key)) {
    return 'move it into an entry of `repositories`; `"*"` stands for all of them';
  }
  if (isRepository && FOR_ALL.includes(key)) return 'move it to the top level: it holds for all repositories';
  if (where.endsWith('.limits') && key === 'total') {
    return 'move it into `limits` of the top level: it counts the runs of all repositories';
  }
  const isToolchain = TOOLCHAIN_NAMES.some((name) => name === key);
  return (isTop || isRepository) && isToolchain ? 'move it into `images:`' : undefined;
}

function isProjectKey(key: string): boolean {
  return key === 'projects' || Object.hasOwn(projectShape, key);
}
