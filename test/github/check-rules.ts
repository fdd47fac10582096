import { invalidRequest, validationFailed } from './answer.ts';
import type { AnnotationState } from './check-store.ts';
import { numberOf, textOf } from './route.ts';
import type { Json } from './world.ts';

const MAX_TEXT = 65_535;
const MAX_MESSAGE = 64 * 1024;
const MAX_TITLE = 255;

/**
 * The rules of the Checks API that its description tells in prose only:
 * https://docs.github.com/rest/checks/runs#create-a-check-run
 * @throws Refusal 422 in GitHub's words
 */
export function checkRules(body: Json): void {
  const output = (body.output ?? {}) as Json;
  for (const field of ['summary', 'text']) {
    const bytes = Buffer.byteLength(textOf(output, field) ?? '');
    if (bytes > MAX_TEXT)
      throw invalidRequest(`Only ${MAX_TEXT} characters are allowed; ${bytes} were supplied.`);
  }
  if (body.conclusion === undefined && (body.status === 'completed' || body.completed_at !== undefined)) {
    throw validationFailed({ resource: 'CheckRun', field: 'conclusion', code: 'missing_field' });
  }
  if (body.conclusion === 'stale') throw invalidRequest('Only GitHub can set the conclusion "stale".');
  if (['waiting', 'requested', 'pending'].includes(String(body.status))) {
    throw invalidRequest(`Only GitHub Actions can set the status "${body.status}".`);
  }
  for (const annotation of (output.annotations as Json[] | undefined) ?? []) annotationRules(annotation);
}

function annotationRules(annotation: Json): void {
  const invalid = (field: string, message: string) =>
    validationFailed({ resource: 'CheckAnnotation', field, code: 'invalid', message });
  const start = numberOf(annotation, 'start_line') ?? 0;
  const end = numberOf(annotation, 'end_line') ?? 0;
  const columns = annotation.start_column !== undefined || annotation.end_column !== undefined;
  if (start < 1) throw invalid('start_line', 'Line numbers start at 1.');
  if (end < start) throw invalid('end_line', 'The end line is before the start line.');
  if (columns && start !== end) throw invalid('start_column', 'Columns are for annotations on one line.');
  if ((numberOf(annotation, 'start_column') ?? 1) < 1)
    throw invalid('start_column', 'Column numbers start at 1.');
  if (textOf(annotation, 'path') === '') throw invalid('path', 'The path is empty.');
  if (textOf(annotation, 'message') === '') throw invalid('message', 'The message is empty.');
  if ((textOf(annotation, 'title') ?? '').length > MAX_TITLE)
    throw invalid('title', 'The title is too long.');
  for (const field of ['message', 'raw_details']) {
    const bytes = Buffer.byteLength(textOf(annotation, field) ?? '');
    if (bytes > MAX_MESSAGE) throw invalid(field, `The maximum size is ${MAX_MESSAGE} bytes.`);
  }
}

export function annotationsOf(output: Json): AnnotationState[] {
  return ((output.annotations as Json[] | undefined) ?? []).map((annotation) => ({
    path: textOf(annotation, 'path') ?? '',
    start_line: numberOf(annotation, 'start_line') ?? 0,
    end_line: numberOf(annotation, 'end_line') ?? 0,
    start_column: numberOf(annotation, 'start_column') ?? null,
    end_column: numberOf(annotation, 'end_column') ?? null,
    annotation_level: textOf(annotation, 'annotation_level') ?? '',
    title: textOf(annotation, 'title') ?? null,
    message: textOf(annotation, 'message') ?? '',
    raw_details: textOf(annotation, 'raw_details') ?? null,
  }));
}
