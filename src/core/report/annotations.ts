import type { Annotation } from './check.ts';
import { cutBytes } from './cut-bytes.ts';
import type { Finding } from './failures/finding.ts';
import { candidatePaths } from './repository-paths.ts';

/** GitHub takes 50 in a request: these are three. More help nobody. */
const MOST_ANNOTATIONS = 150;
/** https://docs.github.com/rest/checks/runs */
const TITLE_LIMIT = 255;
const MESSAGE_LIMIT = 64_000;

/** How many lines each file has, by its path in the repository; what is not there is not in it. */
export type FileLines = ReadonlyMap<string, number>;

/** Every path that the places of these findings may mean. `folder`: of the project. */
export function pathsOf(findings: readonly Finding[], folder: string): readonly string[] {
  return [
    ...new Set(annotated(findings).flatMap(({ place }) => (place ? candidatePaths(place, folder) : []))),
  ];
}

/** Findings as annotations of files and lines that there are; each line says a thing once. */
export function annotationsOf(
  findings: readonly Finding[],
  { folder, files }: { readonly folder: string; readonly files: FileLines },
): readonly Annotation[] {
  const all = new Map<string, Annotation>();
  for (const finding of annotated(findings)) {
    const annotation = toAnnotation(finding, folder, files);
    if (annotation !== null) all.set(JSON.stringify(annotation), annotation);
  }
  return [...all.values()];
}

/** That there are more places than annotations; '' where there are not. */
export function annotationNote(findings: readonly Finding[]): string {
  const { length } = placed(findings);
  return length > MOST_ANNOTATIONS ? `The first ${MOST_ANNOTATIONS} of ${length} places are annotated.` : '';
}

function annotated(findings: readonly Finding[]): readonly Finding[] {
  const byLevel = (level: Finding['level']) => placed(findings).filter((finding) => finding.level === level);
  return [...byLevel('failure'), ...byLevel('warning')].slice(0, MOST_ANNOTATIONS);
}

function placed(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ place }) => place !== null);
}

function toAnnotation(
  { place, name, message, level }: Finding,
  folder: string,
  files: FileLines,
): Annotation | null {
  if (place === null) return null;
  const path = candidatePaths(place, folder).find((candidate) => {
    return place.line >= 1 && place.line <= (files.get(candidate) ?? 0);
  });
  if (path === undefined) return null;
  const endLine = Math.min(Math.max(place.endLine ?? place.line, place.line), files.get(path) ?? place.line);
  const isOneLine = endLine === place.line && place.column !== undefined && place.column >= 1;
  return {
    path,
    startLine: place.line,
    endLine,
    ...(isOneLine && { startColumn: place.column, endColumn: place.column }),
    level,
    title: cutBytes(name, TITLE_LIMIT),
    message: cutBytes(message === '' ? name : message, MESSAGE_LIMIT),
  };
}
