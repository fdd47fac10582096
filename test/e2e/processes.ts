import { readdir, readFile } from 'node:fs/promises';

export interface ProcessSeen {
  readonly arguments: string;
  readonly environment: string;
}

/** Every process of this machine, as whoever may look sees it. */
export async function readProcesses(): Promise<ProcessSeen[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return Promise.all(
    ids.map(async (id) => ({
      arguments: await read(`/proc/${id}/cmdline`),
      environment: await read(`/proc/${id}/environ`),
    })),
  );
}

/** Empty when the process has just ended. */
function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

/** How many processes of this machine work in a folder; `folder` may be the beginning of its path. */
export async function countProcessesIn(folder: string): Promise<number> {
  const all = await readProcesses();
  return all.filter(({ environment }) => environment.includes(folder)).length;
}
