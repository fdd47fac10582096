import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a new file, mode 0600, and returns once its bytes are on the disk (the directory's entry is `syncDirectory`'s). */
export async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Replaces a file in one step: a crash leaves the old text or the new one, and after the return it is the new one. */
export async function replaceDurably(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  await writeSynced(temporary, text);
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}

export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
