import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHANGE, pushExample } from './example.ts';
import type { Commit, Stage, Story } from './stage.ts';

const STRANGER = 'mona';
const MAINTAINER = 'octo';

const CONFIG = 'node: 24\nbuild: on\nsecrets: [NPM_TOKEN]\n';

/** Gives the example a secret, which its own branches get. */
const SETTINGS = `
repositories:
  acme/greeter:
    secrets: { NPM_TOKEN: { name: npm, key: token } }
`;

/** Its tests would give the secret away, if this config counted and the secret were there. */
const CHANGED = {
  ...CHANGE.files,
  '.tekton-ci.yml': 'node: 24\ntest: printenv NPM_TOKEN\n',
  'package.json': `${JSON.stringify({ name: 'greeter', type: 'module', scripts: { test: 'node --test', build: 'node build.js' } })}\n`,
};

/** A stranger's pull request waits until a maintainer has looked at it, and then runs without secrets. */
export const forkStory: Story = {
  async prepare(data) {
    const file = join(data, 'settings.yml');
    await mkdir(join(data, 'secrets', 'npm'), { recursive: true });
    await Promise.all([
      writeFile(file, SETTINGS),
      writeFile(join(data, 'secrets', 'npm', 'token'), 'a-token-that-nobody-sees'),
    ]);
    return { TEKTON_CI_SETTINGS: file };
  },
  async play(stage) {
    const main = await pushExample(stage, {
      private: false,
      files: { '.tekton-ci.yml': CONFIG },
      collaborators: { [MAINTAINER]: 'write' },
    });
    await stage.verdict(main);
    const commit = await openPull(stage, main);
    await press(stage, commit);
    const check = await stage.verdict(commit);
    stage.narrator.show(check);
    return check;
  },
};

async function openPull({ github, narrator, taken }: Stage, { repository, sha }: Commit): Promise<Commit> {
  const { branch, message } = CHANGE;
  const fork = await github.createRepository({
    owner: STRANGER,
    ownerType: 'User',
    name: 'greeter',
    install: false,
    forkOf: repository,
  });
  const head = await github.commit(fork, { files: CHANGED, message, parents: [sha] });
  await github.push(fork, { branch, sha: head, sender: STRANGER });
  narrator.act('fork', `${fork.fullName} ${branch} ${head.slice(0, 7)} "${message}"`);
  narrator.add(`changes ${Object.keys(CHANGED).sort().join(', ')}`);
  const { number } = await github.openPullRequest(repository, {
    head: branch,
    fork,
    title: message,
    sender: STRANGER,
  });
  narrator.act('pull request', `#${number} "${message}", ${STRANGER}:${branch} into main`);
  await taken();
  return { repository, sha: head };
}

/** Reads what the check says, and presses its button. */
async function press({ github, narrator, taken }: Stage, { repository, sha }: Commit): Promise<void> {
  const [check] = github.checks(repository, sha);
  if (check === undefined) throw new Error('the pull request has no check');
  narrator.show(check);
  for (const { label, identifier } of check.actions) {
    narrator.act('button', `${MAINTAINER}, who has write access, presses "${label}"`);
    await github.pressButton(check.id, String(identifier), MAINTAINER);
  }
  await taken();
}
