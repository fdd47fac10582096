import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CreatedRepository } from '../github/repositories.ts';
import { LAYOUTS, type PushedCommit, startWorld, type World } from './world.ts';

const PROJECTS = ['api', 'web'];
const PUSHES = 8;

/** Each stage leaves a file, waits while others do the same, and says of every file of that kind that it sees, below all that is mounted. */
function config({ settings }: World): string {
  const look = [
    'touch "mark-$PROJECT-$COMMIT-STAGE"',
    'sleep 2',
    'test "$(git rev-parse HEAD)" = "$COMMIT"',
    "find / -xdev -name 'mark-*' 2>/dev/null | sed 's/.*mark-/@seen /'",
    "find /workspace -name 'mark-*' | sed 's/.*mark-/@seen /'",
  ];
  const stage = (name: string) =>
    look.map((line) => `\n  - ${JSON.stringify(line.replace('STAGE', name))}`).join('');
  return `use: ${settings.shell}\ntest:${stage('test')}\nbuild:${stage('build')}\nprojects: { api: {}, web: {} }\n`;
}

describe.each(LAYOUTS)('in the layout %s, a monorepo', (layout) => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ layout, operator: { limits: { perRepository: 8, total: 8 } } });
  });

  afterAll(async () => {
    expect(world.github.violations).toEqual([]);
    await world.close();
  });

  test('of two projects and eight pushes on one volume shows nobody the files of another', async () => {
    const repository = await world.repository('monorepo');
    const pushes: PushedCommit[] = [];
    for (let index = 0; index < PUSHES; index += 1) {
      const files = {
        '.tekton-ci.yml': config(world),
        ...Object.fromEntries(PROJECTS.map((name) => [`${name}/file.txt`, `${index}`])),
      };
      pushes.push({
        repository,
        ...(await world.github.pushFiles(repository, { files, branch: 'main' })),
      });
    }

    for (const { sha } of pushes) {
      expect(await world.verdict({ repository, sha }, 500)).toMatchObject({ conclusion: 'success' });
      for (const project of PROJECTS) {
        const check = await world.verdict({ repository, sha, name: `tekton-ci / ${project}` });
        expect(check.conclusion).toBe('success');
        const seen = [...(await world.log(check)).matchAll(/@seen ([\w-]+)/g)].map(([, mark]) => mark);
        const own = ['test', 'build'].map((stage) => `${project}-${sha}-${stage}`);
        expect([...new Set(seen)].sort()).toEqual([...own].sort());
      }
    }
    expect(overlaps(world, repository)).toBeGreaterThan(1);
  });
});

/** The most checks that were in progress at one time. */
function overlaps({ github }: World, repository: CreatedRepository): number {
  const times = github
    .checks(repository)
    .filter(({ name }) => name !== 'tekton-ci')
    .map(({ history }) => ({
      from: history.find(({ status }) => status === 'in_progress')?.at.getTime() ?? 0,
      to: history.at(-1)?.at.getTime() ?? 0,
    }));
  return Math.max(
    ...times.map(({ from }) => times.filter((other) => other.from <= from && from < other.to).length),
  );
}
