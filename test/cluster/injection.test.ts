import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dump } from 'js-yaml';
import { parseConfig } from '../../src/core/config/parse-config.ts';
import { ANNOTATION } from '../../src/core/pipeline/annotations.ts';
import { HOSTILE, HOSTILE_NAMES } from './hostile-values.ts';
import { imageOf } from './projects.ts';
import { LAYOUTS, type PushedCommit, startWorld, type World } from './world.ts';

const NAMES = HOSTILE_NAMES.map((name, index) => ({ name, index }));
const own = (index: number) => HOSTILE.filter((_value, at) => at % HOSTILE_NAMES.length === index);
const numbered = (prefix: string, values: readonly string[]) =>
  Object.fromEntries(values.map((value, index) => [`${prefix}${index}`, value]));
const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Says of every file that looks like the work of a value. */
const LOOK =
  "find / \\( -path /proc -o -path /sys \\) -prune -o -name '*pwned' -print 2>/dev/null | sed 's/^/@made /'";

/** What the config itself lets through; what it refuses gets no further than the check. */
function taken(values: readonly string[], config: (value: string) => object): string[] {
  return values.filter((value) => parseConfig(dump(config(value))).ok);
}

/** Of one project in a folder with a hostile name, with hostile values wherever a config has values. */
function hostile(world: World, { name, index }: (typeof NAMES)[number]) {
  const { shell, bases } = world.settings;
  // A path with a variable is refused by the config.
  const folder = name.replaceAll('$', '');
  const env = taken(own(index), (value) => ({ use: shell, env: { V: value } }));
  const commands = taken(own(index), (value) => ({ use: shell, test: [value] }));
  const buildArgs = taken(own(index), (value) => ({
    use: shell,
    image: { name: 'a/b', build_args: { A: value } },
  }));
  const set = taken(own(index), (value) => ({ use: shell, deploy: { chart: 'helm', set: { a: value } } }));
  const project = {
    path: `in/${folder}`,
    env: numbered('VALUE_', env),
    test: [
      'printf \'@environment %s\\n\' "$(env -0 | base64 -w0)"',
      `printf '@directory %s\\n' "$(pwd | base64 -w0)"`,
      ...commands.map((value) => `printf '@command %s\\n' "$(printf %s ${quote(value)} | base64 -w0)"`),
      // What finds nothing must be able to find.
      'touch "$(git rev-parse --show-toplevel)/planted-pwned"',
      LOOK,
    ],
    image: { name: imageOf(world, `hostile-${index}`), build_args: numbered('ARG_', buildArgs) },
    deploy: {
      to: 'here',
      chart: `chart-${folder}`,
      release: `hostile-${index}`,
      set: numbered('set.v', set),
      only: '**',
    },
  };
  const config = { use: shell, projects: { [`p${index}`]: project } };
  const at = `in/${folder}`;
  const chart = `${at}/chart-${folder}`;
  const args = buildArgs.map((_value, each) => `ARG ARG_${each}`);
  const files = {
    '.tekton-ci.yml': dump(config),
    [`${at}/Dockerfile`]: [
      `FROM ${bases.go}`,
      ...args,
      ...buildArgs.map(
        (_value, each) => `RUN echo "@arg ${each} $(printf %s "$ARG_${each}" | base64 | tr -d '\\n')"`,
      ),
      `RUN touch /planted-pwned && ${LOOK}`,
      '',
    ].join('\n'),
    [`${chart}/Chart.yaml`]: 'apiVersion: v2\nname: hostile\nversion: 0.1.0\n',
    [`${chart}/templates/values.yaml`]: `
apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .Release.Name }} }
data:
{{- range $name, $value := .Values.set }}
  {{ $name }}: {{ toString $value | b64enc | quote }}
{{- end }}
`,
  };
  return { config, files, env, commands, buildArgs, set, directory: at };
}

describe.each(LAYOUTS)('in the layout %s', (layout) => {
  let world: World;
  const tagged: Hostile[] = [];
  const branched: Hostile[] = [];

  beforeAll(async () => {
    world = await startWorld({ layout, operator: { limits: { total: 8 } } });
    for (const each of NAMES) {
      tagged.push(await pushTag(world, each));
      branched.push(await pushBranch(world, each));
    }
  });

  afterAll(async () => {
    expect(world.github.violations).toEqual([]);
    await world.close();
  });

  test.each(NAMES)('the values of a tag called $name arrive as they are', async ({ name, index }) => {
    const { sha, repository, title, made } = tagged[index]!;
    const project = `p${index}`;

    const check = await world.verdict({ repository, sha, name: `tekton-ci / ${project} (tag ${name})` });

    expect(check).toMatchObject({ conclusion: 'success', title: expect.stringMatching(/^Succeeded/) });
    const log = await world.log(check);
    expectNothingMade(log);
    const environment = Object.fromEntries(
      said(log, 'environment')
        .join('')
        .split('\0')
        .map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]),
    );
    expect(environment).toMatchObject({
      TAG: name,
      PROJECT: project,
      COMMIT: sha,
      ...numbered('VALUE_', made.env),
    });
    expect(said(log, 'directory')[0]).toMatch(new RegExp(`/${asPattern(made.directory)}\n$`));
    expect(said(log, 'command')).toEqual(made.commands);
    for (const [each, value] of made.buildArgs.entries()) expect(said(log, `arg ${each}`)).toContain(value);
    const { data = {} } = await world.kubernetes.read(world.at('v1/configmaps', `hostile-${index}`));
    const arrived = Object.values<string>(data).map((value) => Buffer.from(value, 'base64').toString());
    // Helm's own word for nothing.
    const sent = made.set.map((value) => (value === 'null' ? '<nil>' : value));
    expect(arrived.sort()).toEqual(sent.sort());
    const [run] = await world.kubernetes.list(world.at('tekton.dev/v1/pipelineruns'), {
      labelSelector: `tekton-ci.dev/sha=${sha}`,
    });
    expect(run.metadata.annotations).toMatchObject({ [ANNOTATION.tag]: name, [ANNOTATION.title]: title });
  });

  test.each(NAMES)('a branch called $name does nothing', async ({ name, index }) => {
    const { sha, repository, made } = branched[index]!;

    const check = await world.verdict({ repository, sha, name: `tekton-ci / p${index}` });

    expect(check).toMatchObject({ conclusion: 'success', title: expect.stringMatching(/^Succeeded/) });
    const log = await world.log(check);
    expectNothingMade(log);
    const lines = said(log, 'environment').join('').split('\0');
    expect(lines).toContain(`BRANCH=${name}`);
    for (const [each, value] of made.env.entries()) expect(lines).toContain(`VALUE_${each}=${value}`);
  });
});

interface Hostile extends PushedCommit {
  readonly title: string;
  readonly made: ReturnType<typeof hostile>;
}

async function pushTag(world: World, each: (typeof NAMES)[number]): Promise<Hostile> {
  const repository = await world.repository(`tagged-${each.index}`);
  const made = hostile(world, each);
  const title = `${each.name} ${own(each.index)[0]}`.split('\n')[0]!.trim();
  const sha = await world.github.commit(repository, { files: made.files, message: title, branch: 'main' });
  await world.github.push(repository, { tag: each.name, sha });
  return { repository, sha, title, made };
}

async function pushBranch(world: World, each: (typeof NAMES)[number]): Promise<Hostile> {
  const repository = await world.repository(`branched-${each.index}`);
  const made = hostile(world, each);
  const title = each.name;
  const pushed = await world.github.pushFiles(repository, {
    files: made.files,
    branch: title,
    message: title,
  });
  return { repository, sha: pushed.sha, title, made };
}

/** Nothing but what the test and the build have put there themselves; kaniko's build sees both. */
function expectNothingMade(log: string): void {
  const made = [...log.matchAll(/^@made (.*)$/gm)].map(([, path = '']) => path);
  expect(made.map((path) => path.replace(/^.*\//, ''))).toEqual(made.map(() => 'planted-pwned'));
  expect(made.length).toBeGreaterThanOrEqual(2);
}

/** What commands have said of something, in Base64. */
function said(log: string, word: string): string[] {
  return [...log.matchAll(new RegExp(`@${word} ([A-Za-z0-9+/=]*)$`, 'gm'))].map(([, text = '']) =>
    Buffer.from(text, 'base64').toString(),
  );
}

function asPattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
