import { nearest } from '../words.ts';
import type { Descriptors, EnumDescriptor, FieldDescriptor, MessageDescriptor } from './descriptors.ts';
import { type Scalar, scalars } from './scalars.ts';

/** What is wrong, and where: `.items[2].price`. */
interface Problem {
  readonly path: string;
  readonly text: string;
}

type Check = (value: unknown) => Problem | undefined;

const anything: Check = () => undefined;

/**
 * Checks requests against their message: protobufjs drops fields that it does not know and makes something of each
 * value, which a test would not see.
 */
export class RequestCheck {
  readonly #descriptors: Descriptors;
  readonly #messages = new Map<string, MessageCheck>();

  constructor(descriptors: Descriptors) {
    this.#descriptors = descriptors;
  }

  /** The check of a request of a service in the package `home`; undefined if the files do not tell of it. */
  of(message: MessageDescriptor, home: string): MessageCheck | undefined {
    const name = this.#descriptors.nameOf(message, home);
    return name === undefined ? undefined : this.#message(name, message);
  }

  #message(name: string, descriptor: MessageDescriptor): MessageCheck {
    let check = this.#messages.get(name);
    if (check === undefined) {
      const fields = new Map<string, Check>();
      check = new MessageCheck(name, fields);
      // Before its fields are looked at, for a message may hold itself.
      this.#messages.set(name, check);
      // An answer that is sent back names the set field of each oneof; that is not read.
      for (const oneof of descriptor.oneofDecl) fields.set(oneof.name, anything);
      for (const field of descriptor.field) fields.set(field.name, this.#field(field, name));
    }
    return check;
  }

  #field(field: FieldDescriptor, scope: string): Check {
    const isRepeated = field.label === 'LABEL_REPEATED';
    const scalar = scalars[field.type];
    if (scalar !== undefined) return isRepeated ? listOf(scalarCheck(scalar)) : scalarCheck(scalar);
    const found = this.#descriptors.find(field.typeName.replace(/^\./, ''), scope);
    // The content of an Any may be of any type.
    if (found === undefined || found[0] === 'google.protobuf.Any') return anything;
    const [name, type] = found;
    if ('value' in type) return isRepeated ? listOf(enumCheck(type)) : enumCheck(type);
    if (type.options?.mapEntry === true) {
      const value = type.field.find((one) => one.name === 'value');
      return value === undefined ? anything : mapOf(this.#field(value, name));
    }
    const message = this.#message(name, type);
    const check: Check = (value) => message.check(value);
    return isRepeated ? listOf(check) : check;
  }
}

/** The fields of one message. */
export class MessageCheck {
  readonly #name: string;
  readonly #fields: ReadonlyMap<string, Check>;

  constructor(name: string, fields: ReadonlyMap<string, Check>) {
    this.#name = name;
    this.#fields = fields;
  }

  /** `text is 5; a string is expected`; undefined if all is well. */
  problem(message: unknown): string | undefined {
    const problem = this.check(message);
    return problem === undefined ? undefined : `${problem.path.replace(/^\./, '') || 'the request'} ${problem.text}`;
  }

  check(message: unknown): Problem | undefined {
    if (typeof message !== 'object' || message === null || Array.isArray(message) || message instanceof Date) {
      return { path: '', text: `is ${shown(message)}; an object of the form of ${this.#name} is expected` };
    }
    for (const name in message) {
      const value = (message as Readonly<Record<string, unknown>>)[name];
      const check = this.#fields.get(name);
      if (check === undefined) {
        if (Object.hasOwn(message, name)) return { path: `.${name}`, text: this.#isNoField(name) };
        continue;
      }
      if (value === undefined || value === null) continue;
      const problem = check(value);
      if (problem !== undefined) return { path: `.${name}${problem.path}`, text: problem.text };
    }
    return undefined;
  }

  #isNoField(name: string): string {
    const names = [...this.#fields.keys()];
    const hint = nearest(name, names);
    return `is no field of ${this.#name}${hint === undefined ? `, which has ${names.join(', ') || 'none'}` : `; did you mean '${hint}'?`}`;
  }
}

function scalarCheck({ is, expected }: Scalar): Check {
  return (value) => (is(value) ? undefined : { path: '', text: `is ${shown(value)}; ${expected}` });
}

function enumCheck({ name, value: values }: EnumDescriptor): Check {
  const names = new Set(values.map((one) => one.name));
  return (value) => {
    if (Number.isInteger(value) || names.has(value as string)) return undefined;
    return { path: '', text: `is ${shown(value)}; one of ${[...names].join(', ')} (${name}) is expected` };
  };
}

function listOf(check: Check): Check {
  return (list) => {
    if (!Array.isArray(list)) return { path: '', text: `is ${shown(list)}; a list is expected` };
    for (let at = 0; at < list.length; at++) {
      const problem = check(list[at]);
      if (problem !== undefined) return { path: `[${at}]${problem.path}`, text: problem.text };
    }
    return undefined;
  };
}

function mapOf(check: Check): Check {
  return (map) => {
    if (typeof map !== 'object' || map === null || Array.isArray(map) || map instanceof Map) {
      return { path: '', text: `is ${shown(map)}; an object of keys and values is expected` };
    }
    for (const [key, value] of Object.entries(map)) {
      const problem = check(value);
      if (problem !== undefined) return { path: `['${key}']${problem.path}`, text: problem.text };
    }
    return undefined;
  };
}

/** A value as a person would write it, cut off where it is long. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return `an object (${value.constructor?.name ?? 'Object'})`;
  return String(value);
}
