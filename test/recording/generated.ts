// Generated files: made from texts, and loaded as a load thread loads them.
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Imported, type ImportSettings, importLogs } from '../../src/recording/import.ts';
import { bundleUserFiles } from '../../src/swarm/bundle.ts';
import { planOf, type TaskPlan } from '../../src/user/tasks.ts';
import type { UserClass } from '../../src/user/user.ts';
import { userFolder } from '../swarm/user-folder.ts';
import { environmentOf } from '../user/scene.ts';
import { settings } from './made-log.ts';

/** What is made of logs with these texts (name → text). */
export async function imported(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  given: Partial<ImportSettings> = {},
): Promise<Imported> {
  const folder = await userFolder(t, files);
  const paths = Object.keys(files).map((name) => join(folder, name));
  const { code, summary } = await importLogs(paths, { ...settings, ...given });
  return {
    code: code.replaceAll(`${folder}/`, ''),
    summary: summary.map((line) => line.replaceAll(`${folder}/`, '')),
  };
}

/** The class of a generated file. */
export async function recordedUser(t: TestContext, code: string): Promise<UserClass> {
  const folder = await userFolder(t, { 'recorded.ts': code });
  const bundle = await bundleUserFiles([join(folder, 'recorded.ts')]);
  const source = `data:text/javascript;base64,${Buffer.from(bundle.code).toString('base64')}`;
  const { file0 } = (await import(source)) as { file0: { RecordedUser: UserClass } };
  return file0.RecordedUser;
}

/** Its tasks, checked as they are when a test starts. */
export function planOfUser(userClass: UserClass): TaskPlan {
  return planOf(userClass, () => new userClass(environmentOf()));
}
