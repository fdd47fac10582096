import { type Decisions, decisionsOf } from '../../core/plan/commit-plan.ts';
import { code, plain } from '../../core/report/markdown.ts';
import { type CommitRuns, runsOfCommit } from '../starts/attempts.ts';
import { planCommit } from '../starts/plan-commit.ts';
import { type Asked, askedCandidate } from './asked.ts';
import type { ActingPorts } from './handle-event.ts';

/** What was decided about a pull request's newest commit, and why, in Markdown. What was not run is planned anew. */
export async function whyAnswer(ports: ActingPorts, asked: Asked): Promise<string> {
  const { repository, pull } = asked;
  const made = runsOfCommit(ports.runs, repository.id, pull.sha);
  const found = made.length > 0 ? made.flatMap(decisionsOfRuns) : decisionsOf(await plan(ports, asked));
  return [`What was decided about ${code(pull.sha)}:`, ...found.map(section)].join('\n\n');
}

function plan(ports: ActingPorts, asked: Asked) {
  const candidate = askedCandidate(asked, ports.settings.bots);
  return planCommit(ports, { ...candidate, approved: candidate.ref.kind !== 'pull' });
}

function decisionsOfRuns({ newest }: CommitRuns): readonly Decisions[] {
  const gate = newest.flatMap(({ notes }) => notes.gate ?? []).at(-1);
  const skipped = (gate?.members ?? []).flatMap((member) =>
    'skipped' in member ? [{ project: member.project, decisions: [member.skipped] }] : [],
  );
  const ran = newest.map(({ notes }) => ({
    project: notes.gate === null ? null : notes.project,
    decisions: notes.decisions,
  }));
  return [...ran, ...skipped];
}

function section({ project, decisions }: Decisions): string {
  const list = decisions.map((decision) => `- ${plain(decision)}`);
  return (project === null ? list : [`**${plain(project)}**`, '', ...list]).join('\n');
}
