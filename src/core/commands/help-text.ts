const HELP = [
  ['retest', 'Runs what is not green once more. All green: everything.'],
  ['retest PROJECT', 'Runs this project once more.'],
  ['cancel', 'Ends what runs of the newest commit.'],
  ['approve SHA', "Runs a fork's commit that you have looked at: all 40 digits of its id."],
  ['why', 'Says what was decided about the newest commit, and why.'],
  ['help', 'This.'],
] as const;

/** What can be asked for, in Markdown. */
export function helpText(): string {
  const rows = HELP.map(([command, effect]) => `| \`/tekton-ci ${command}\` | ${effect} |`);
  return ['| Command | What it does |', '| --- | --- |', ...rows].join('\n');
}
