import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import type { World } from './world.ts';

type Files = Record<string, string>;

const EXAMPLES = new URL('../../examples/', import.meta.url).pathname;

/** The files of a folder of `examples`. */
export function example(name: string): Files {
  const directory = join(EXAMPLES, name);
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    paths.map((path) => [path.slice(directory.length + 1), readFileSync(path, 'utf8')]),
  );
}

/** The name of an image that is this test's own. */
export function imageOf({ settings, namespace }: World, name: string): string {
  return `${settings.registry}/${namespace}/${name}`;
}

/** The Go example with an image and a deploy: its pod greets Ada. */
export function goService(world: World): Files {
  return service(world, {
    example: 'go',
    dockerfile: `FROM ${world.settings.bases.go}\nCOPY bin/greet /usr/local/bin/greet\n`,
    greet: 'greet Ada',
    // The preset's -race needs a C compiler, which not every image of Go has.
    config: 'test: { flags: [-cover, -v] }\n',
  });
}

/** Likewise the Node example. */
export function nodeService(world: World): Files {
  const program = "import { greet } from '/app/greet.js'; console.log(greet('Ada'));";
  return service(world, {
    example: 'node',
    dockerfile: `FROM ${world.settings.bases.node}\nCOPY package.json dist /app/\n`,
    config: '',
    greet: `node --input-type=module -e "${program}"`,
  });
}

interface Service {
  readonly example: string;
  readonly dockerfile: string;
  /** On top of the example's own. */
  readonly config: string;
  /** What the pod writes a greeting with. */
  readonly greet: string;
}

function service(world: World, { example: name, dockerfile, config, greet }: Service): Files {
  const files = example(name);
  return {
    ...files,
    '.tekton-ci.yml': `${files['.tekton-ci.yml']}${config}image: ${imageOf(world, name)}\ndeploy: ./helm\n`,
    Dockerfile: dockerfile,
    ...chart({
      command: ['sh', '-c', `${greet} > /tmp/greeting && exec sleep 86400`],
      ready: 'grep -q Ada /tmp/greeting',
    }),
  };
}

export interface ChartOptions {
  readonly command: readonly string[];
  /** Of the shell; the pod is ready once it succeeds. */
  readonly ready: string;
  /** When the run builds none. */
  readonly image?: string;
}

/** A chart of one pod. */
export function chart({ command, ready, image = '' }: ChartOptions): Files {
  return {
    'helm/Chart.yaml': 'apiVersion: v2\nname: service\nversion: 0.1.0\n',
    'helm/values.yaml': dump({ command, ready, image: { repository: image, tag: '', digest: '' } }),
    'helm/templates/deployment.yaml': DEPLOYMENT,
  };
}

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ .Release.Name }} }
spec:
  replicas: 1
  selector: { matchLabels: { service: {{ .Release.Name }} } }
  template:
    metadata: { labels: { service: {{ .Release.Name }} } }
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 0
      containers:
        - name: service
          image: "{{ .Values.image.repository }}{{ with .Values.image.digest }}@{{ . }}{{ end }}"
          command: {{ toJson .Values.command }}
          readinessProbe:
            exec: { command: [sh, -c, {{ toJson .Values.ready }}] }
            periodSeconds: 1
`;
