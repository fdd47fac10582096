import type { ButtonEvent } from '../../core/plan/event.ts';
import { RERUN_BUTTON } from '../../core/report/buttons.ts';
import { APPROVE_BUTTON } from '../../core/report/waiting-check.ts';
import { approve } from './approve.ts';
import type { ActingPorts } from './handle-event.ts';
import { onRerun } from './on-rerun.ts';

/** Does what the button says that somebody pressed. Who may see a button says nothing about who may press it. */
export async function onButton(ports: ActingPorts, event: ButtonEvent): Promise<void> {
  const { button, sha, repository, sender, deliveryId } = event;
  if (button === RERUN_BUTTON) return onRerun(ports, event);
  const number = numberIn(button);
  const log = ports.log.child({ delivery: deliveryId, sha, login: sender.login });
  if (number === null) return log.warn({ button }, 'unknown button');
  const read = await ports.pullRequests.read(repository, number, { who: sender, sha });
  const answer = await approve(ports, { ...read, repository, sha, sender, deliveryId });
  log.info({ answer }, 'approval asked for');
}

function numberIn(button: string): number | null {
  const digits = button.startsWith(APPROVE_BUTTON) ? button.slice(APPROVE_BUTTON.length) : '';
  return /^[1-9]\d{0,8}$/.test(digits) ? Number(digits) : null;
}
