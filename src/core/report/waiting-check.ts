import type { Config } from '../config/config.ts';
import type { Candidate } from '../plan/candidate.ts';
import type { Changes } from '../plan/select-projects.ts';
import { sensitiveFiles } from '../plan/sensitive-files.ts';
import { code, plain } from './markdown.ts';
import type { FinalReport } from './plain-output.ts';

/** Identifier of the button that approves a pull request, before its number: the click tells no more of it. */
export const APPROVE_BUTTON = 'approve-';

/** Names of files that a check lists. */
const MOST_FILES = 50;

/** What the check of a fork's pull request says until somebody with write access has looked at it. */
export function waitingReport(
  { sha, ref }: Pick<Candidate, 'sha' | 'ref'>,
  { changes, config }: { readonly changes: Changes; readonly config: Config },
): FinalReport {
  const title = 'Waits for approval';
  const command = `/tekton-ci approve ${sha}`;
  const asks =
    'This pull request comes from a fork. It runs once somebody with write access has looked at what it changes and approves it, ' +
    'by the button above or by this comment:';
  const holds =
    'The approval holds for this commit only. The run gets no secrets, pushes no image and deploys nothing.';
  const files = sensitiveLines(changes, config);
  return {
    conclusion: 'action_required',
    output: {
      title,
      summary: [
        asks,
        code(command),
        holds,
        files.length === 0 ? NONE : [LOOK, ...files.map((file) => `- ${plain(file)}`)].join('\n'),
      ].join('\n\n'),
      annotations: [],
    },
    page: {
      title,
      summary: [asks, command, holds, ...(files.length === 0 ? [NONE] : [LOOK, ...files])].join('\n'),
    },
    buttons: [
      {
        label: 'Approve and run',
        description: 'Run this commit, without secrets.',
        identifier: `${APPROVE_BUTTON}${ref.name}`,
      },
    ],
  };
}

const LOOK = 'Files that decide what the run does, and that it changes:';
const NONE = 'It changes no file that decides what the run does, besides what is tested.';

function sensitiveLines(changes: Changes, config: Config): readonly string[] {
  if (changes.kind === 'everything') return [changes.because];
  const files = sensitiveFiles(changes.files, config);
  const more = files.length - MOST_FILES;
  return more > 0 ? [...files.slice(0, MOST_FILES), `and ${more} more`] : files;
}
