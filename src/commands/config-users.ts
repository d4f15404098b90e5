import { readFileSync } from 'node:fs';
import { UsageError } from '../errors.ts';
import { camelCase } from '../runner/options.ts';
import type { ClassManifest } from '../swarm/manifest.ts';

/** What `--config-users` says of one class. */
export interface ClassSettings {
  readonly name: string;
  /** By their names in TypeScript: `fixedCount`. */
  readonly attributes: ReadonlyMap<string, unknown>;
  readonly tasks?: readonly string[] | undefined;
}

/** Reads Locust's `--config-users`: JSON, or names of `.json` files, of one class or a list of classes each. */
export function classSettings(
  given: readonly string[] | undefined,
  classes: readonly ClassManifest[],
): readonly ClassSettings[] {
  return (given ?? []).flatMap((text) => [parse(text)].flat().map((one) => settingsOf(one, classes)));
}

function parse(given: string): unknown {
  try {
    return JSON.parse(given.endsWith('.json') ? readFileSync(given, 'utf8') : given);
  } catch (thrown) {
    throw new UsageError(`--config-users ${given} is neither JSON nor a file with it: ${(thrown as Error).message}`);
  }
}

function settingsOf(given: unknown, classes: readonly ClassManifest[]): ClassSettings {
  const { user_class_name: name, tasks, ...others } = (given ?? {}) as Readonly<Record<string, unknown>>;
  if (name === undefined) throw new UsageError('--config-users must name the class: "user_class_name": "MyUser"');
  const known = classes.map((one) => one.name);
  if (!known.includes(String(name))) {
    throw new UsageError(`--config-users names the class ${String(name)}; the user file has ${known.join(', ')}`);
  }
  const attributes = new Map(Object.entries(others).map(([key, value]) => [camelCase(key), value]));
  return { name: String(name), attributes, tasks: Array.isArray(tasks) ? tasks.map(String) : undefined };
}
