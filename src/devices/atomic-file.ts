import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../errors.ts';

/**
 * Puts a new content in the place of a file: written beside it, flushed to the disk, renamed. Whoever reads it, and
 * whenever this process or the machine dies, there is the old content or the new one, whole.
 *
 * @param mode what its permissions are, whatever they were and whatever the umask says.
 * @param beforeRename throws if the file must be left as it is after all.
 * @throws UsageError that names the file, which is as it was.
 */
export function replaceFile(path: string, text: string, mode: number, beforeRename: () => void = () => {}): void {
  try {
    replace(path, text, mode, beforeRename);
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown;
    throw new UsageError(`${path} cannot be written, and is as it was: ${(thrown as Error).message}`);
  }
}

function replace(path: string, text: string, mode: number, beforeRename: () => void): void {
  const target = targetOf(path);
  const temporary = join(dirname(target), `${prefixOf(target)}${process.pid}.${Date.now().toString(36)}${suffix}`);
  // Its permissions come before its content, which may be secret.
  const descriptor = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    try {
      writeFileSync(descriptor, text);
      fchmodSync(descriptor, mode);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    beforeRename();
    renameSync(temporary, target);
  } catch (thrown) {
    rmSync(temporary, { force: true });
    throw thrown;
  }
  syncFolder(dirname(target));
}

/** Deletes what a process left that died while it wrote: keys may be in it. Only for who holds the file's lock. */
export function removeLeftovers(path: string): void {
  const target = targetOf(path);
  for (const name of readdirSync(dirname(target))) {
    if (name.startsWith(prefixOf(target)) && name.endsWith(suffix))
      rmSync(join(dirname(target), name), { force: true });
  }
}

const suffix = '.tmp';
const prefixOf = (target: string): string => `.${basename(target)}.`;

/** A link stays a link: what it leads to is replaced. */
export function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The new name is on the disk only when its folder is. Some systems cannot flush folders. */
function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, constants.O_RDONLY);
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (thrown) {
    if (!['EINVAL', 'EPERM', 'EISDIR', 'ENOTSUP', 'EACCES'].includes((thrown as NodeJS.ErrnoException).code ?? ''))
      throw thrown;
  }
}
