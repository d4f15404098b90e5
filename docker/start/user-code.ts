import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { userFiles } from '../../src/commands/user-files.ts';

/** Where Locust's image, the DeliveryHero chart and the two Locust operators have the user files. */
export const mounts: readonly string[] = ['/home/locust', '/mnt/locust', '/lotest/src'];

const usual = ['locustfile.ts', 'locustfile.mts', 'locustfile.js', 'locustfile.mjs'];

/**
 * The files that a `-f` means, each also looked for in the folders, if it is not where it was said to be: what is given is
 * relative to a folder that the giver knows. A `.py` name is its TypeScript twin, where there is one.
 */
export function meantFiles(given: string, folders: readonly string[]): readonly string[] {
  return given.split(',').flatMap((part) => {
    const path = part.trim();
    const places = [path, ...folders.map((folder) => join(folder, basename(path)))];
    const found = places.map(filesAt).find((files) => files.length > 0);
    return found ?? [path];
  });
}

/** The user files in the first of these folders that has any: the one of Locust's name, or all of them. */
export function foundFiles(folders: readonly string[]): readonly string[] {
  for (const folder of folders) {
    const name = usual.find((file) => existsSync(join(folder, file)));
    if (name !== undefined) return [join(folder, name)];
  }
  return folders.map(filesAt).find((files) => files.length > 0) ?? [];
}

/** Whether a master needs a stub for them: what is Python already is its own. */
export function isPython(file: string): boolean {
  return file.endsWith('.py');
}

function filesAt(path: string): readonly string[] {
  try {
    return userFiles(path).filter((file) => existsSync(file));
  } catch {
    // A folder without user files.
    return [];
  }
}
