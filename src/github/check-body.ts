import type { Annotation, Check } from '../core/report/check.ts';

/** More than these are refused; further requests append: https://docs.github.com/rest/checks/runs#create-a-check-run */
export const ANNOTATIONS_PER_REQUEST = 50;

/** What never changes of a check, and is said once. */
export function identityBody(check: Check) {
  return { name: check.name, head_sha: check.headSha, external_id: check.externalId };
}

/** What every request says of a check, with the first annotations. Times are ISO 8601 in UTC, to the second, as GitHub keeps them. */
export function stateBody(check: Check) {
  const { status, conclusion, startedAt, completedAt } = check;
  return {
    details_url: check.detailsUrl,
    ...(startedAt && { started_at: timestamp(startedAt) }),
    ...verdict(status, conclusion),
    ...(status === 'completed' && completedAt && { completed_at: timestamp(completedAt) }),
    output: outputBody(check, check.output.annotations.slice(0, ANNOTATIONS_PER_REQUEST)),
    ...(check.buttons && { actions: check.buttons.map((button) => ({ ...button })) }),
  };
}

/** One body for each further 50 annotations, in order. */
export function furtherAnnotationBodies(check: Check) {
  const { annotations } = check.output;
  const bodies = [];
  for (let from = ANNOTATIONS_PER_REQUEST; from < annotations.length; from += ANNOTATIONS_PER_REQUEST) {
    bodies.push({ output: outputBody(check, annotations.slice(from, from + ANNOTATIONS_PER_REQUEST)) });
  }
  return bodies;
}

/** A conclusion without `completed` would complete the check, for good; and the other way round it is refused. */
function verdict(status: Check['status'], conclusion: Check['conclusion']) {
  if (status !== 'completed') return { status };
  if (conclusion === undefined) throw new Error('a completed check needs a conclusion');
  return { status, conclusion };
}

function outputBody({ output: { title, summary } }: Check, annotations: readonly Annotation[]) {
  return { title, summary, ...(annotations.length > 0 && { annotations: annotations.map(annotationBody) }) };
}

function annotationBody(annotation: Annotation) {
  const { path, startLine, endLine, startColumn, endColumn, level, title, message } = annotation;
  const columns = startLine === endLine;
  return {
    path,
    start_line: startLine,
    end_line: endLine,
    ...(columns && startColumn !== undefined && { start_column: startColumn }),
    ...(columns && endColumn !== undefined && { end_column: endColumn }),
    annotation_level: level,
    ...(title !== undefined && { title }),
    message,
  };
}

function timestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
