import { quoted, type Refusal } from './finding.ts';
import { type Synonyms, unknownKey, unknownKeyMessage } from './unknown-key.ts';

/** What to write here for keys that other systems know. */
const FOREIGN: Readonly<Record<string, string>> = {
  script: 'write the commands under `test:` or `build:`',
  before_script: 'put these commands first in the list under `test:`',
  after_script: 'put these commands last in the list under `test:`',
  install: 'put these commands first in the list under `test:`',
  run: 'write the commands under `test:` or `build:`',
  jobs: 'remove it: the stages are always clone, test, build, image, deploy; several projects go under `projects:`',
  steps: 'write the commands as a list under `test:` or `build:`',
  stages: 'remove it: the stages are always clone, test, build, image, deploy',
  stage: 'remove it: the stages are always clone, test, build, image, deploy',
  pipeline: 'remove it and write its stages at the top level',
  pipelines: 'remove it and write its stages at the top level',
  workflow: 'remove it: every push and pull request is run',
  workflows: 'remove it: every push and pull request is run',
  on: 'remove it: every push and pull request is run; `watch` and `deploy.only` narrow that',
  triggers: 'remove it: every push and pull request is run; `watch` and `deploy.only` narrow that',
  trigger: 'remove it: every push and pull request is run; `watch` and `deploy.only` narrow that',
  if: 'remove it: conditions are shell in the commands; `deploy.only` names branches and tags',
  when: 'remove it: conditions are shell in the commands; `deploy.only` names branches and tags',
  only: 'move it into `deploy:`; tests run for every branch',
  except: 'remove it: `deploy.only` names the branches and tags to deploy',
  branches: 'remove it: every branch is run; `deploy.only` names those to deploy',
  variables: 'write `env:`',
  environment: 'write `env:` for variables, `deploy:` with `to:` for environments',
  environments: 'write `deploy:` as a list with one `to:` for each',
  language: 'write the toolchain itself, such as `go: 1.26`',
  matrix: 'write a list of versions, such as `go: [1.25, 1.26]`',
  strategy: 'write a list of versions, such as `go: [1.25, 1.26]`',
  needs: 'remove it: the stages always follow one another',
  depends_on: 'remove it: the stages always follow one another',
  artifacts: 'remove it: `test.report` names test reports, and the stages of a run share one directory',
  container: 'write `use:`',
  docker: 'write `use:` for the container of the commands, `image:` for the image to build',
  'runs-on': "remove it: where runs go is the operator's choice",
  tags: 'move it into `image:`',
  include: 'remove it: one file describes the whole repository',
  version: 'remove it: the file has no version; a toolchain has, such as `go: 1.26`',
  name: 'remove it: projects are named under `projects:`',
};

/** Other systems' words for keys of maps. */
const SYNONYMS: Synonyms = {
  script: ['commands'],
  run: ['commands'],
  steps: ['commands'],
  cmd: ['commands'],
  args: ['flags'],
  variables: ['env', 'set'],
  environment: ['to', 'env'],
  name: ['to'],
  path: ['chart', 'context'],
  repository: ['name'],
  file: ['dockerfile'],
  limits: ['cpu'],
  requests: ['cpu'],
  branches: ['only'],
  healthcheck: ['ready'],
};

const TEST_KEYS = ['commands', 'packages', 'flags', 'report'];
const BUILD_KEYS = ['output', 'goos', 'goarch', 'cgo'];
const PROJECT_KEYS = ['use', 'services', 'secrets', 'cache', 'clone', 'projects', 'watch'];

/** What to say of a key that has no meaning at its place in a `.tekton-ci.yml`; an `ExplainKey`. */
export function explainConfigKey(key: string, known: readonly string[], where: string): Refusal {
  const isProject = known.includes('test');
  const foreign = isProject && Object.hasOwn(FOREIGN, key) ? FOREIGN[key] : undefined;
  if (foreign !== undefined) {
    return {
      code: 'foreign-key',
      message: `${quoted(key)} is not a key of .tekton-ci.yml`,
      instead: foreign,
    };
  }
  const home = isProject ? homeOf(key) : awayFrom(key, where);
  if (home !== undefined) {
    return { code: 'misplaced-key', message: unknownKeyMessage(key, where), instead: home };
  }
  return unknownKey(key, known, { where, synonyms: SYNONYMS });
}

/** Where a key belongs that was found among the keys of a project. */
function homeOf(key: string): string | undefined {
  if (key === 'path' || key === 'watch') return 'move it into a project under `projects:`';
  if (key === 'projects') return 'move it to the top level: projects do not nest';
  if (TEST_KEYS.includes(key)) return 'move it into `test:`';
  return BUILD_KEYS.includes(key) ? 'move it into `build:`' : undefined;
}

function awayFrom(key: string, where: string): string | undefined {
  return PROJECT_KEYS.includes(key) ? `move it out of ${quoted(where)}, next to \`test:\`` : undefined;
}
