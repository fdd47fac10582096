import type { Command } from '../../core/commands/command.ts';
import { helpText } from '../../core/commands/help-text.ts';
import { refusal } from '../../core/commands/refusal.ts';
import { code } from '../../core/report/markdown.ts';
import { approve } from './approve.ts';
import type { Asked } from './asked.ts';
import { cancelCommit } from './cancel-commit.ts';
import type { ActingPorts } from './handle-event.ts';
import { retest } from './retest.ts';
import { whyAnswer } from './why-answer.ts';

/** Does what a command says. Resolves with the answer, in Markdown; null when what happens says enough. */
export async function answerCommand(
  ports: ActingPorts,
  command: Command,
  asked: Asked,
): Promise<string | null> {
  switch (command.kind) {
    case 'retest':
      return retest(ports, asked, command.project);
    case 'cancel':
      return asked.permission === 'write' ? cancelCommit(ports, asked) : refusal('cancel', 'write access');
    case 'approve':
      return approve(ports, { ...asked, sha: command.sha });
    case 'deploy':
      return `${code(`deploy ${command.to}`)} is not possible yet: runs of the default branch and of tags deploy, as \`.tekton-ci.yml\` says.`;
    case 'why':
      return whyAnswer(ports, asked);
    case 'help':
      return helpText();
    case 'unclear':
      return [command.advice, helpText()].join('\n\n');
  }
}
