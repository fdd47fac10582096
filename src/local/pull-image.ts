import type { ContainerCommand } from './container-command.ts';
import { InfrastructureError } from './infrastructure-error.ts';
import type { ContainerLaunch } from './runtime.ts';

/**
 * Has an image on this machine, by its pull policy: https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy. Rejects
 * with an `InfrastructureError` that says why it is not there.
 */
export async function pullImage(
  command: ContainerCommand,
  { image, pullPolicy = 'IfNotPresent' }: Pick<ContainerLaunch, 'image' | 'pullPolicy'>,
  signal: AbortSignal,
): Promise<void> {
  const isThere = async () =>
    (await command.run(['image', 'inspect', '--format', 'there', '--', image])).code === 0;
  if (pullPolicy !== 'Always' && (await isThere())) return;
  if (pullPolicy === 'Never')
    throw new InfrastructureError(
      'ErrImageNeverPull',
      `the image ${image} is not on this machine, and it is never pulled`,
    );
  const { code, stderr } = await command.run(['pull', '--quiet', '--', image], { signal });
  if (code !== 0)
    throw new InfrastructureError(
      'TaskRunImagePullFailed',
      `the image ${image}: ${explained(lastLine(stderr))}`,
    );
}

/** Debian's podman knows no registry for short names: https://man.archlinux.org/man/containers-registries.conf.5 */
function explained(error: string): string {
  return error.includes('no unqualified-search registries')
    ? `${error}. Set \`unqualified-search-registries\` there, or take the runtime \`host\``
    : error;
}

function lastLine(text: string): string {
  return text.split('\n').at(-1) ?? '';
}
