import type { ObservedRun } from '../../src/app/ports.ts';
import { readNotes } from '../../src/app/runs/run-notes.ts';
import { ANNOTATION } from '../../src/core/pipeline/annotations.ts';
import { keyOfText } from '../../src/core/pipeline/names.ts';
import type { RunKey } from '../../src/core/plan/run-key.ts';
import type { StoredCheck } from '../app/fakes/fake-checks.ts';
import type { EventWorld } from './event-world.ts';
import { withLetters } from './letters.ts';

/** What has come of something, each in words. What is empty is left out. */
export interface Outcome {
  /** Runs that were made. */
  readonly runs?: readonly string[];
  readonly cancelled?: readonly string[];
  /** Checks that are new, or say something else now. */
  readonly checks?: readonly string[];
  /** Of GitHub. */
  readonly requests?: readonly string[];
  readonly replies?: readonly string[];
}

export interface Watched {
  /** What has come of what was done since `watch` was called. */
  outcome(): Outcome;
  /** Every decision, reason and answer since then. */
  reasons(): readonly string[];
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

export function watch(world: EventWorld): Watched {
  const { engine, checks, requests, replies, log } = world;
  const runs = engine.submitted.length;
  const calls = engine.calls.length;
  const shown = new Map(checks.stored.map((check) => [check.id, checkText(check)]));
  const asked = requests.length;
  const said = replies.length;
  const logged = log.lines.length;
  const made = () => engine.submitted.slice(runs).map(({ run }) => run);
  return {
    outcome() {
      const changed = checks.stored.filter((check) => shown.get(check.id) !== checkText(check));
      return withoutEmpty({
        runs: made().map(({ key }) => keyWords(key)),
        cancelled: engine.calls.slice(calls).flatMap((call) => cancellation(engine.runs, call)),
        checks: changed.map(checkText),
        requests: requests.slice(asked),
        replies: replies.slice(said).map(({ number, text }) => letters(`#${number}: ${text}`)),
      });
    },
    reasons() {
      const decisions = made().flatMap(({ name }) => decisionsOf(engine.runs.get(name)));
      const fields = log.lines
        .slice(logged)
        .flatMap(({ fields: line, message }) => [message, ...Object.values(line).filter(isText)]);
      const summaries = checks.stored.flatMap(({ output }) => [output.summary]);
      return [...decisions, ...fields, ...summaries].map(letters);
    },
  };
}

export function letters(text: string): string {
  return withLetters(text, LETTERS);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function decisionsOf(run: ObservedRun | undefined): readonly string[] {
  const notes = run === undefined ? null : readNotes(run);
  const skipped = (notes?.gate?.members ?? []).flatMap((member) =>
    'skipped' in member ? [`${member.project} ${member.skipped}`] : [],
  );
  return [...(notes?.decisions ?? []), ...skipped];
}

function cancellation(runs: ReadonlyMap<string, ObservedRun>, call: string): readonly string[] {
  const found = /^cancel (?<name>\S+): (?<why>.*)$/.exec(call)?.groups;
  const key = keyOfText(runs.get(found?.name ?? '')?.annotations[ANNOTATION.key] ?? '');
  return key === null ? [] : [`${keyWords(key)}: ${letters(found?.why ?? '')}`];
}

/** `verify web of A, untrusted, by the config of main`. */
export function keyWords({ project, sha, tag, purpose, trust, base, attempt }: RunKey): string {
  const what = project === '.' ? '' : `${project} of `;
  const words = [
    `${purpose} ${what}${letters(sha)}`,
    ...(tag === null ? [] : [`tag ${tag}`]),
    ...(trust === 'trusted' ? [] : [`untrusted, by the config of ${base}`]),
    ...(attempt === 1 ? [] : [`attempt ${attempt}`]),
  ];
  return words.join(', ');
}

function checkText({ name, headSha, status, conclusion, output, buttons = [] }: StoredCheck): string {
  const shown = buttons.map(({ label }) => ` [${label}]`).join('');
  return letters(`${name} of ${headSha}: ${conclusion ?? status}, ${output.title}${shown}`);
}

function withoutEmpty(outcome: Outcome): Outcome {
  return Object.fromEntries(Object.entries(outcome).filter(([, value]) => value.length > 0));
}
