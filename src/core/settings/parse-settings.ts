import { type Finding, toProblem } from '../config/finding.ts';
import type { Problem } from '../config/problem.ts';
import { findingsOfIssue } from '../config/schema/finding-of-issue.ts';
import { sortProblems } from '../config/sort-problems.ts';
import { type FileAdvice, readYaml } from '../config/yaml/read-yaml.ts';
import { toPlain, type YamlNode } from '../config/yaml/yaml-node.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { explainSettingsKey } from './explain-settings-key.ts';
import { layerShared } from './layer-settings.ts';
import { type SettingsForm, settingsSchema } from './schema/settings-schema.ts';
import type { OperatorSettings } from './settings.ts';

export type ParsedSettings =
  | { readonly ok: true; readonly settings: OperatorSettings }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const ADVICE: FileAdvice = {
  tooLarge: 'say once under a pattern such as `acme/*` what several repositories have in common',
  severalDocuments: 'remove the `---` and what follows it',
};

/**
 * Reads the text of the operator settings: short forms widened, defaults filled in. Never throws: whatever is wrong is a
 * problem with its place, and all problems are told at once, sorted by place. A file that says nothing is `DEFAULT_SETTINGS`.
 */
export function parseSettings(text: string): ParsedSettings {
  const file = readYaml(text, ADVICE);
  if (!file.ok) return { ok: false, problems: sortProblems(file.problems) };
  const { root, positions } = file;
  if (root === undefined || root.kind === 'null') return { ok: true, settings: DEFAULT_SETTINGS };
  const read = settingsSchema.safeParse(toPlain(root));
  if (read.success) return { ok: true, settings: withDefaults(read.data) };
  const findings = read.error.issues.flatMap((issue) => findingsIn(root, issue));
  return {
    ok: false,
    problems: sortProblems(findings.map((finding) => toProblem(finding, root, positions))),
  };
}

function findingsIn(root: YamlNode, issue: Parameters<typeof findingsOfIssue>[0]): Finding[] {
  return findingsOfIssue(issue, [], { root, explainKey: explainSettingsKey });
}

function withDefaults(form: SettingsForm): OperatorSettings {
  const { startTimeout, pullPolicy, limits, keep, links, bots = [], repositories = {} } = form;
  return {
    ...layerShared(DEFAULT_SETTINGS, form),
    startTimeout: startTimeout ?? DEFAULT_SETTINGS.startTimeout,
    pullPolicy: pullPolicy ?? DEFAULT_SETTINGS.pullPolicy,
    limits: { ...DEFAULT_SETTINGS.limits, ...limits },
    keep: { ...DEFAULT_SETTINGS.keep, ...keep },
    links: { ...DEFAULT_SETTINGS.links, ...links },
    bots: [...new Set([...DEFAULT_SETTINGS.bots, ...bots])],
    repositories: Object.entries(repositories).map(([pattern, overrides]) => ({ pattern, overrides })),
  };
}
