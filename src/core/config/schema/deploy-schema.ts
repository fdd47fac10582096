import { z } from 'zod';
import type { DeployTarget } from '../config.ts';
import { accept, quoted, type Reading, refuse } from '../finding.ts';
import { LIMITS } from '../limits.ts';
import { BOOLEAN, readBoolean, readSwitch } from '../values/boolean.ts';
import { LABEL_PATTERN, readLabel, readRelease } from '../values/names.ts';
import { PATH, readPath } from '../values/path.ts';
import { readUrl, WEB_ADDRESS } from '../values/url.ts';
import { tell, tellDuplicates, WHENEVER_LIST, WHENEVER_MAP } from './checks.ts';
import { listOf, readText, textMap } from './lists.ts';
import { durationKey } from './resources-schema.ts';
import { closedMap, described, NO_BOOLEAN, scalar } from './scalar.ts';
import { commandsKey } from './stage-keys.ts';

const FORMS = 'the path of a Helm chart, a map, a list of maps, or `off`';
const REF_GLOB = 'a branch, a tag, or a pattern of them such as `release/*`';

const DEFAULTS = { to: 'production', values: [], set: {}, approve: false } as const;

const label = (expected: string) => scalar(readLabel, expected, { pattern: LABEL_PATTERN });

const target = closedMap(
  {
    to: described(
      label("the target's name"),
      "The target's name; targets of the same name wait for each other.",
      {
        default: 'production',
        examples: ['staging'],
      },
    ).exactOptional(),
    namespace: described(label('a namespace'), 'The Kubernetes namespace.').exactOptional(),
    release: described(scalar(readRelease, 'the name of a release'), 'The Helm release.').exactOptional(),
    chart: described(scalar(readPath, PATH), "The Helm chart's directory, relative to the project's path.", {
      examples: ['./helm'],
    }).exactOptional(),
    values: described(
      listOf(scalar(readPath, PATH), PATH),
      'Values files of the chart, in order.',
    ).exactOptional(),
    set: described(
      textMap(readValueName, "a map of the chart's values"),
      "The chart's values, by their path. `image.repository`, `image.tag` and `image.digest` are set by themselves.",
      { examples: [{ replicas: 3 }] },
    ).exactOptional(),
    commands: commandsKey.exactOptional(),
    only: described(
      listOf(scalar(readRefGlob, REF_GLOB), REF_GLOB),
      'Globs of the branches and tags that are deployed. Without it, the default branch only.',
      { examples: [['main', 'v*']] },
    ).exactOptional(),
    approve: described(
      scalar(readBoolean, BOOLEAN, { type: ['boolean', 'string'] }),
      'Whether someone with write access must approve each deploy.',
      { default: false },
    ).exactOptional(),
    url: described(
      scalar(readUrl, WEB_ADDRESS),
      'The address of what is deployed, for the check to link to.',
    ).exactOptional(),
    timeout: durationKey('The longest that the deploy may take.').exactOptional(),
  },
  FORMS,
)
  .superRefine(checkTarget, WHENEVER_MAP)
  .transform((map): DeployTarget => ({ ...DEFAULTS, ...map }));

const targets = z
  .array(target, { error: FORMS })
  .min(1, { error: FORMS })
  .max(LIMITS.targets, { error: FORMS })
  .superRefine(checkNames, WHENEVER_LIST);

export const deployKey = described(
  z.union([scalar(readChart, FORMS, NO_BOOLEAN), target.transform((one): DeployTarget[] => [one]), targets], {
    error: FORMS,
  }),
  'Where to deploy: the path of a Helm chart, a map, or a list of maps with different `to`.',
  { default: 'off', examples: ['./helm'] },
).exactOptional();

function readChart(text: string): Reading<readonly DeployTarget[]> {
  const word = readSwitch(text);
  if (word?.ok === false) return word;
  if (word?.value === 'off') return accept([]);
  if (word?.value === 'on')
    return refuse('missing-key', 'A deploy needs a chart or commands', { expected: FORMS });
  const chart = readPath(text);
  return chart.ok ? accept([{ ...DEFAULTS, chart: chart.value }]) : chart;
}

function checkTarget(map: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  if (!('commands' in map)) {
    if ('chart' in map) return;
    const instead = 'add `chart: ./helm`, or `commands:`';
    tell(context, { code: 'missing-key', message: 'A deploy needs a chart or commands', instead });
    return;
  }
  for (const key of ['chart', 'values', 'set'].filter((name) => name in map)) {
    const message = `\`${key}\` is Helm's, and \`commands\` replace Helm`;
    tell(context, { code: 'conflicting-keys', message, instead: `remove \`${key}\` or \`commands\`` }, [key]);
  }
}

function checkNames(list: readonly unknown[], context: z.RefinementCtx): void {
  const names = list.map((item) => (item as Partial<DeployTarget> | null)?.to); // items with problems may be anything
  tellDuplicates(names, context, { instead: 'give each target its own `to`', path: ['to'] });
}

function readRefGlob(text: string): Reading<string> {
  const isName = text !== '' && text.length <= 256 && !/[\s\p{Cc}~^:\\]/u.test(text);
  if (isName) return accept(text.replace(/^refs\/(?:heads|tags)\//, ''));
  return refuse('bad-value', `${quoted(text)} cannot match a branch or tag`, { expected: REF_GLOB });
}

function readValueName(text: string): Reading<string> {
  return text !== '' && text.length <= 256 && !/[\s\p{Cc}=]/u.test(text)
    ? readText(text)
    : refuse('bad-value', `${quoted(text)} is not a path in the chart's values`, {
        expected: 'a path such as `web.port`',
      });
}
