import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Report } from '../app/ports.ts';
import { errorCode } from './disk-error.ts';

const reportSchema = z.object({ title: z.string(), summary: z.string() });

export function formatReport({ title, summary }: Report): string {
  return JSON.stringify({ title, summary });
}

/** Throws when the text is not a report of ours. */
export function parseReport(text: string): Report {
  return reportSchema.parse(JSON.parse(text));
}

/** Atomic: a reader, or a start after a crash, sees the report of before or this one, never half of one. */
export async function writeReport(path: string, report: Report): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await writeFile(draft, formatReport(report), { flush: true, mode: 0o600 });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Null when there is none. Rejects when the file is not one of ours. */
export async function readReport(path: string): Promise<Report | null> {
  try {
    return parseReport(await readFile(path, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
