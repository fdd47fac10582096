import type { DeployTarget, ImageStage } from '../core/config/config.ts';
import { imageTags } from '../core/pipeline/image-tags.ts';
import type { RenderInput } from '../core/pipeline/render-input.ts';
import type { StepRef } from '../core/pipeline/run.ts';
import { deployPlace } from '../core/pipeline/stages/deploy.ts';

/** What an image or deploy step would do, a line each; `input` is of the whole plan. */
export function describeStep(step: StepRef, input: RenderInput): string[] {
  const { image, deploy } = input.run.project;
  if (step.stage === 'image') return image === undefined ? [] : describeImage(image, input);
  const target = deploy.find(({ to }) => to === step.variant);
  return target === undefined ? [] : describeDeploy(target, input);
}

function describeImage({ name, dockerfile, context, target }: ImageStage, input: RenderInput): string[] {
  const [, ...named] = imageTags(input);
  const references = [input.run.key.sha.slice(0, 7), ...named].map((tag) => `${name}:${tag}`);
  const stage = target === undefined ? '' : `, stage ${target}`;
  return [printable(`would build ${references.join(', ')} from ${dockerfile} in ${context}${stage}`)];
}

function describeDeploy(target: DeployTarget, input: RenderInput): string[] {
  const { approve, commands } = target;
  const lines = commands ?? [helmCommand(target, input)];
  return [approve ? 'would wait for an approval, then run:' : 'would run:', ...lines.map(printable)];
}

/** As a person would type it; what the step itself adds is left out. */
function helmCommand({ chart = '.', values, set, ...target }: DeployTarget, input: RenderInput): string {
  const { namespace, release } = deployPlace({ ...target, values, set }, input);
  const path = chart === '.' ? '.' : `./${chart}`;
  const flags = [
    ...values.map((file) => `--values ${quoted(file)}`),
    ...Object.entries(set).map(([key, value]) => `--set ${quoted(`${key}=${value}`)}`),
  ];
  return [
    'helm upgrade --install',
    quoted(release),
    quoted(path),
    '--namespace',
    quoted(namespace),
    ...flags,
  ].join(' ');
}

function quoted(word: string): string {
  return /^[\w./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Text of the config must not steer the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
