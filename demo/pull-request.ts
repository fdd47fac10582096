import { CHANGE, pushExample } from './example.ts';
import type { Stage, Story } from './stage.ts';

/** A branch is pushed and a pull request opened for it: they share one run, about which somebody asks. */
export const pullRequestStory: Story = {
  async play(stage) {
    const { github, narrator } = stage;
    const main = await pushExample(stage, { private: true });
    await stage.verdict(main);

    const { repository } = main;
    const beforePush = requests(stage);
    const { branch, message, files } = CHANGE;
    const sha = await github.commit(repository, { files, message, parents: [main.sha] });
    await github.push(repository, { branch, sha });
    narrator.act('push', `${repository} ${branch} ${sha.slice(0, 7)} "${message}"`);
    const check = await stage.verdict({ repository, sha });

    const beforePull = requests(stage);
    const { number } = await github.openPullRequest(repository, { head: branch, title: message });
    await stage.taken();
    narrator.act('pull request', `#${number} "${message}", ${branch} into main`);
    narrator.add(`its commit has its run: ${requests(stage) - beforePull} requests to GitHub,`);
    narrator.add(`where the push took ${beforePull - beforePush}`);

    await ask(stage, { repository, number, body: '/tekton-ci why' });
    return check;
  },
};

interface Comment {
  readonly repository: string;
  readonly number: number;
  readonly body: string;
}

async function ask({ github, narrator, taken }: Stage, { repository, number, body }: Comment): Promise<void> {
  github.comment(repository, number, { body });
  await taken();
  const [asked, ...answers] = github.comments(repository, number);
  const isSeen = asked?.reactions.some(({ content }) => content === 'eyes') === true;
  narrator.act('comment', `${github.developer.login}: ${body}${isSeen ? '  👀' : ''}`);
  for (const answer of answers) {
    narrator.act('comment', `${answer.author.login}:`);
    narrator.quote(answer.body);
  }
}

function requests({ github }: Stage): number {
  return github.countRequests({ excludeTokens: true });
}
