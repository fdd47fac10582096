import type { z } from 'zod';
import { type Finding, formatPath, quoted, type Refusal } from '../finding.ts';
import type { ExplainKey } from '../unknown-key.ts';
import { KIND_NAMES, nodeAt, type Path, type YamlNode } from '../yaml/yaml-node.ts';

type Issue = z.core.$ZodIssue;

/** The file that was validated, and what is said of its unknown keys. */
export interface CheckedFile {
  readonly root: YamlNode;
  readonly explainKey: ExplainKey;
}

/** A validation issue in a user's words. `path` leads to the value that was validated. */
export function findingsOfIssue(issue: Issue, path: Path, file: CheckedFile): Finding[] {
  const here = [...path, ...issue.path.filter((part) => typeof part !== 'symbol')];
  switch (issue.code) {
    case 'invalid_union':
      return findingsOfUnion(issue, here, file);
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        ...file.explainKey(key, issue.message.split(' '), formatPath(here)),
        path: [...here, key],
        at: 'key',
      }));
    case 'invalid_key':
      return issue.issues.map((inner) => ({ ...refusalOf(inner), path: here, at: 'key' }));
    case 'too_big':
      return [
        { code: 'too-many', message: `These are more than ${issue.maximum} items`, path: here, at: 'key' },
      ];
    case 'too_small':
      return [{ code: 'empty-value', message: 'The list is empty', expected: issue.message, path: here }];
    case 'invalid_type':
      return [wrongType(issue.message, here, file.root)];
    default:
      return [{ ...refusalOf(issue), path: here }];
  }
}

/** At most one branch of a union takes the value's kind; its issues are the ones to tell. */
function findingsOfUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path, file: CheckedFile): Finding[] {
  const fits = (branch: readonly Issue[]) => !branch.some((inner) => isKindMismatch(inner));
  const branch = issue.errors.find(fits);
  return branch === undefined
    ? [wrongType(issue.message, path, file.root)]
    : branch.flatMap((inner) => findingsOfIssue(inner, path, file));
}

/** Whether the issue says that the value itself is of another kind, directly or in every branch of an inner union. */
function isKindMismatch(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_union') return issue.errors.every((branch) => branch.some(isKindMismatch));
  return issue.code === 'invalid_type';
}

function wrongType(expected: string, path: Path, root: YamlNode): Finding {
  const node = nodeAt(root, path);
  const key = path.at(-1);
  const name = path.length === 0 ? 'The file' : typeof key === 'string' ? quoted(key) : 'This';
  if (node === undefined) {
    return { code: 'missing-key', message: `${name} is missing`, expected, path, at: 'key' };
  }
  if (node.kind === 'null') return { code: 'empty-value', message: `${name} has no value`, expected, path };
  return { code: 'wrong-type', message: `${name} is a ${KIND_NAMES[node.kind]}`, expected, path };
}

function refusalOf(issue: Issue): Refusal {
  const params = issue.code === 'custom' ? (issue.params as Omit<Refusal, 'message'> | undefined) : undefined;
  return { code: 'bad-value', ...params, message: issue.message };
}
