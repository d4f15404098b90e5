/** What a value of a scalar field may be. */
export interface Scalar {
  readonly is: (value: unknown) => boolean;
  readonly expected: string;
}

const wholeOf = (least: number, most: number, type: string): Scalar => ({
  is: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  expected: `a whole number (${type}) is expected`,
});

/** Beyond what a number holds exactly, these are texts or bigints; protobufjs takes its own Long, too. */
const longOf = (type: string, isSigned: boolean): Scalar => ({
  is: (value) => {
    if (typeof value === 'number') return Number.isInteger(value) && (isSigned || value >= 0);
    if (typeof value === 'bigint') return isSigned || value >= 0n;
    if (typeof value === 'string') return (isSigned ? /^-?\d+$/ : /^\d+$/).test(value);
    return typeof value === 'object' && value !== null && 'low' in value && 'high' in value;
  },
  expected: `a whole number (${type}), as number, bigint or text, is expected`,
});

const real: Scalar = {
  is: (value) => typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity',
  expected: 'a number is expected',
};

const int32 = wholeOf(-(2 ** 31), 2 ** 31 - 1, 'int32');
const uint32 = wholeOf(0, 2 ** 32 - 1, 'uint32');

/** By the type's name in a descriptor. */
export const scalars: Readonly<Record<string, Scalar>> = {
  TYPE_STRING: { is: (value) => typeof value === 'string', expected: 'a string is expected' },
  TYPE_BOOL: { is: (value) => typeof value === 'boolean', expected: 'a boolean is expected' },
  TYPE_BYTES: {
    is: (value) => value instanceof Uint8Array || typeof value === 'string' || Array.isArray(value),
    expected: 'bytes (a Buffer, or base64) are expected',
  },
  TYPE_DOUBLE: real,
  TYPE_FLOAT: real,
  TYPE_INT32: int32,
  TYPE_SINT32: int32,
  TYPE_SFIXED32: int32,
  TYPE_UINT32: uint32,
  TYPE_FIXED32: uint32,
  TYPE_INT64: longOf('int64', true),
  TYPE_SINT64: longOf('int64', true),
  TYPE_SFIXED64: longOf('int64', true),
  TYPE_UINT64: longOf('uint64', false),
  TYPE_FIXED64: longOf('uint64', false),
};
