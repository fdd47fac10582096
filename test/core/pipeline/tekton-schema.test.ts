import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import { embeddedTasks } from './examples.ts';
import { renderCases } from './render-cases.ts';

/** A `List` of Tekton's custom resource definitions, such as `kubectl get crd -o json` prints. */
const FILE = process.env.TEKTON_CRDS ?? '';
const found = existsSync(FILE);
const REASON = `TEKTON_CRDS names no file with Tekton's custom resource definitions${FILE === '' ? '' : `: ${FILE}`}`;

interface Definition {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: object };
    }[];
  };
}

(found ? describe : describe.skip)("Tekton's own schemas take", () => {
  const cases = found ? renderCases() : [];
  const validators = found ? readValidators() : new Map<string, ValidateFunction>();

  /** What a validator says against a resource; none when it takes it. */
  function problems(kind: string, spec: unknown): unknown {
    const validate = validators.get(kind)!;
    return validate({ apiVersion: 'tekton.dev/v1', kind, metadata: {}, spec }) ? [] : validate.errors;
  }

  test.each(cases)('$name, with everything inside it, and no field that they do not know', ({ render }) => {
    for (const { pipelineRun } of render()) {
      const { spec } = pipelineRun;
      expect(problems('pipelineruns', spec)).toEqual([]);
      expect(problems('pipelines', spec.pipelineSpec)).toEqual([]);
      for (const { taskSpec } of embeddedTasks({ pipelineRun })) {
        expect(problems('tasks', taskSpec)).toEqual([]);
      }
    }
  });

  test('nothing misspelt or mistyped, so the test can fail', () => {
    const [run] = cases[0]!.render();
    const { spec } = run!.pipelineRun;
    const [task] = embeddedTasks(run!);
    const [step] = task!.taskSpec.steps;

    expect(problems('pipelineruns', { ...spec, timeout: '1h' })).not.toEqual([]);
    expect(problems('tasks', { steps: [{ ...step, enviroment: [] }] })).not.toEqual([]);
    expect(problems('tasks', { steps: [{ ...step, env: [{ name: 'A', value: 1 }] }] })).not.toEqual([]);
  });
});

if (!found) {
  test("Tekton's own schemas are not at hand, which is said", () => {
    console.log(`skipped: ${REASON}`);
    expect(found).toBe(false);
  });
}

/** One validator for each kind, by its plural name, newest stored version v1. */
function readValidators(): Map<string, ValidateFunction> {
  const { items } = JSON.parse(readFileSync(FILE, 'utf8')) as { items: readonly Definition[] };
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  return new Map(
    items.flatMap(({ metadata, spec }) => {
      const schema = spec.versions.find(({ name }) => name === 'v1')?.schema.openAPIV3Schema;
      return schema === undefined
        ? []
        : [[metadata.name.split('.')[0]!, ajv.compile(closed(schema) as object)]];
    }),
  );
}

/** The schema as an API server reads it with `fieldValidation=Strict`: a field that is not listed is refused. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inside = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  if ('x-kubernetes-int-or-string' in schema) return { anyOf: [{ type: 'integer' }, { type: 'string' }] };
  const isClosed =
    'properties' in schema &&
    !('additionalProperties' in schema) &&
    !('x-kubernetes-preserve-unknown-fields' in schema);
  return isClosed ? { ...inside, additionalProperties: false, ...requiredOf(schema) } : inside;
}

/**
 * A step's `workspaces[].mountPath` is required only because Tekton's own Go type always writes it, empty for the
 * workspace's usual place; Tekton takes a PipelineRun without it and writes it into the TaskRun.
 */
function requiredOf(schema: object): { required?: unknown } {
  if (!('required' in schema) || !('properties' in schema)) return {};
  const isUsage =
    Object.keys(schema.properties as object)
      .toSorted()
      .join() === 'mountPath,name';
  return { required: isUsage ? ['name'] : schema.required };
}
