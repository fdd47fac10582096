import { gitSecretName } from './workspaces.ts';

/** A Secret that steps see: one key of it by their environment, or as files. */
export interface SecretRef {
  readonly name: string;
  /** Null for all of them. */
  readonly key: string | null;
}

/**
 * The Secrets of the operator that steps and services of a PipelineRun are given, each once: by their environment, as workspaces and as
 * volumes. Not the Secret that the run has for its own token, which is ours. Found wherever the object has them, ours or as a cluster gives
 * it back.
 */
export function secretRefs(pipelineRun: unknown): readonly SecretRef[] {
  const found = new Map<string, SecretRef>();
  collect(pipelineRun, found);
  const own = gitSecretName(String(textAt(textAt(pipelineRun, 'metadata'), 'name')));
  return [...found.values()].filter(({ name }) => name !== own);
}

function collect(value: unknown, found: Map<string, SecretRef>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [field, inner] of Object.entries(value)) {
    const ref = readRef(field, inner);
    if (ref === null) collect(inner, found);
    else found.set(JSON.stringify([ref.name, ref.key]), ref);
  }
}

function readRef(field: string, value: unknown): SecretRef | null {
  if (field === 'secretKeyRef') {
    const [name, key] = [textAt(value, 'name'), textAt(value, 'key')];
    return typeof name === 'string' && typeof key === 'string' ? { name, key } : null;
  }
  const name = field === 'secret' ? textAt(value, 'secretName') : null;
  return typeof name === 'string' ? { name, key: null } : null;
}

function textAt(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined;
}
