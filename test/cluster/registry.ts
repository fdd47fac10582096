import type { World } from './world.ts';

/** What the registry has under the tag. */
export async function digestOf(image: string, tag: string): Promise<string> {
  const answer = await fetch(addressOf(image, `manifests/${tag}`), {
    method: 'HEAD',
    headers: { accept: 'application/vnd.docker.distribution.manifest.v2+json' },
  });
  return answer.headers.get('docker-content-digest') ?? `${answer.status}`;
}

/** All that the registry has of a test: `registry/namespace/name:tag sha256:…`. */
export async function imagesOf({ settings, namespace }: World): Promise<string[]> {
  const { registry } = settings;
  const { repositories } = await read(`http://${registry}/v2/_catalog?n=100&last=${namespace}`);
  const own = repositories.filter((name: string) => name.startsWith(`${namespace}/`));
  const images = own.map(async (name: string) => {
    const image = `${registry}/${name}`;
    const { tags } = await read(addressOf(image, 'tags/list'));
    return Promise.all(tags.map(async (tag: string) => `${image}:${tag} ${await digestOf(image, tag)}`));
  });
  return (await Promise.all(images)).flat().sort();
}

function addressOf(image: string, what: string): string {
  const [registry, ...path] = image.split('/');
  return `http://${registry}/v2/${path.join('/')}/${what}`;
}

async function read(url: string): Promise<ReturnType<typeof JSON.parse>> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}
