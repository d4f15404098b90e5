import type { Metadata } from '@grpc/grpc-js';
import { UsageError } from '../errors.ts';
import { grpc } from './library.ts';

type Value = string | number | Uint8Array;

/** Name → value, several in a list; bytes under names that end in `-bin`; undefined leaves out what was set before. */
export type MetadataValues = Readonly<Record<string, Value | readonly Value[] | undefined>>;

/** All values in one, those of later ones instead of those of earlier ones. */
export function metadataOf(...all: readonly (MetadataValues | undefined)[]): Metadata {
  const metadata = new (grpc().Metadata)();
  for (const values of all) {
    for (const [name, value] of Object.entries(values ?? {})) put(metadata, name, value);
  }
  return metadata;
}

function put(metadata: Metadata, name: string, value: MetadataValues[string]): void {
  try {
    metadata.remove(name);
    if (value === undefined) return;
    for (const one of [value].flat() as Value[]) metadata.add(name, fit(one));
  } catch (cause) {
    const expected = 'texts are expected, or bytes for names that end in -bin';
    throw new UsageError(`metadata '${name}': ${(cause as Error).message}; ${expected}`, { cause });
  }
}

function fit(value: Value): string | Buffer {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value === 'number') return String(value);
  throw new Error(`the value is ${String(value)}`);
}

const none: Readonly<Record<string, string | Buffer>> = Object.freeze(Object.create(null));

/** What came, by lower-case names; several texts of one name are joined by a comma, of bytes it is the first. */
export function valuesOf(metadata: Metadata | undefined): Readonly<Record<string, string | Buffer>> {
  if (metadata === undefined) return none;
  const values = Object.entries(metadata.toJSON()).map(([name, all]): [string, string | Buffer] => {
    const [first = ''] = all;
    return [name, typeof first === 'string' ? all.join(', ') : first];
  });
  return Object.fromEntries(values);
}
