import { Option } from 'commander';

/** What happened, as far as the command line can say it. */
export interface EventOptions {
  readonly event: 'push' | 'tag';
  readonly ref?: string;
}

/** `--event` and `--ref`, the same for every command that renders. */
export function eventOptions(): Option[] {
  return [
    new Option('-e, --event <event>', 'what happened: a push to a branch, or of a tag')
      .choices(['push', 'tag'] satisfies EventOptions['event'][])
      .default('push'),
    new Option('--ref <name>', 'the branch or tag (default: the one that is checked out)'),
  ];
}
