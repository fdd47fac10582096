import { parseCommands } from '../../core/commands/parse-commands.ts';
import type { CommentEvent } from '../../core/plan/event.ts';
import { answerCommand } from './answer-command.ts';
import type { ActingPorts } from './handle-event.ts';

/**
 * Does what somebody asks for in a comment on a pull request. A comment without a command costs no request; one with a command is
 * acknowledged at once, and answered once, when there is something to say.
 */
export async function onComment(ports: ActingPorts, event: CommentEvent): Promise<void> {
  const { repository, number, sender, comment, deliveryId } = event;
  const commands = sender.bot ? [] : parseCommands(event.body);
  if (commands.length === 0) return;
  const sha = commands.find((command) => command.kind === 'approve')?.sha;
  const asked = { who: sender, comment, ...(sha !== undefined && { sha }) };
  const { pull, permission, commit } = await ports.pullRequests.read(repository, number, asked);
  if (pull === null) return;
  const request = { repository, pull, permission, commit, sender, deliveryId };
  const answers: string[] = [];
  for (const command of commands) {
    const answer = await answerCommand(ports, command, request);
    if (answer !== null) answers.push(answer);
    ports.log.info({ delivery: deliveryId, command: command.kind, login: sender.login, answer }, 'command');
  }
  if (answers.length > 0) await ports.pullRequests.reply(repository, number, answers.join('\n\n'));
}
