import type { PackageDefinition } from '@grpc/proto-loader';

/** One field, as a descriptor of proto-loader tells of it. */
export interface FieldDescriptor {
  readonly name: string;
  readonly type: string;
  readonly typeName: string;
  readonly label: string;
}

export interface MessageDescriptor {
  readonly name: string;
  readonly field: readonly FieldDescriptor[];
  readonly nestedType: readonly MessageDescriptor[];
  readonly enumType: readonly EnumDescriptor[];
  readonly oneofDecl: readonly { readonly name: string }[];
  readonly options: { readonly mapEntry?: boolean } | null;
}

export interface EnumDescriptor {
  readonly name: string;
  readonly value: readonly { readonly name: string }[];
}

/** All types of the loaded files by their full names. */
export class Descriptors {
  readonly #all = new Map<string, MessageDescriptor | EnumDescriptor>();

  constructor(definition: PackageDefinition) {
    for (const [name, { format, type }] of Object.entries(definition)) {
      if (typeof format !== 'string') continue;
      if (format.includes('EnumDescriptor')) this.#all.set(name, type as unknown as EnumDescriptor);
      else this.#add(name, type as unknown as MessageDescriptor);
    }
  }

  /** The type that `name` means within `scope`, by the rules of protobuf: the innermost one wins. */
  find(name: string, scope: string): [fullName: string, MessageDescriptor | EnumDescriptor] | undefined {
    for (let within = scope; ; within = within.slice(0, Math.max(0, within.lastIndexOf('.')))) {
      const full = within === '' ? name : `${within}.${name}`;
      const found = this.#all.get(full);
      if (found !== undefined) return [full, found];
      if (within === '') return undefined;
    }
  }

  /** The full name of a message whose descriptor does not say it; those of `home`, a package, come first. */
  nameOf(message: MessageDescriptor, home: string): string | undefined {
    const text = JSON.stringify(message);
    const names = [...this.#all].filter(
      ([full, other]) => (full === message.name || full.endsWith(`.${message.name}`)) && JSON.stringify(other) === text,
    );
    return (names.find(([full]) => full.startsWith(`${home}.`)) ?? names[0])?.[0];
  }

  #add(name: string, message: MessageDescriptor): void {
    this.#all.set(name, message);
    for (const nested of message.nestedType) this.#add(`${name}.${nested.name}`, nested);
    for (const nested of message.enumType) this.#all.set(`${name}.${nested.name}`, nested);
  }
}
