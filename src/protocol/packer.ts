import { Buffer } from 'node:buffer';

/**
 * Writes msgpack as Python's `msgpack.packb` does, in the shortest form of each number.
 * Own, because maps with integer keys are what the master computes percentiles and RPS from, and the
 * library writes a `Map` as an empty map and integer keys as text.
 *
 * @example
 * const packer = new Packer();
 * packer.map(1);
 * packer.integer(150);
 * packer.integer(2);
 * packer.bytes(); // 81 cc 96 02
 */
export class Packer {
  #buffer: Buffer = Buffer.allocUnsafe(512);
  #length = 0;

  /** What was written so far. */
  bytes(): Uint8Array {
    return new Uint8Array(this.#buffer.subarray(0, this.#length));
  }

  nil(): void {
    this.#byte(0xc0);
  }

  boolean(value: boolean): void {
    this.#byte(value ? 0xc3 : 0xc2);
  }

  /** Any finite number: whole ones as integers, others as float64. */
  number(value: number): void {
    if (Number.isSafeInteger(value)) this.integer(value);
    else this.float(value);
  }

  float(value: number): void {
    this.#head(0xcb, 8);
    this.#length = this.#buffer.writeDoubleBE(value, this.#length);
  }

  /** A safe integer. */
  integer(value: number): void {
    if (value >= 0) this.#unsigned(value);
    else if (value >= -0x20) this.#byte(value & 0xff);
    else if (value >= -0x80) this.#fixed(0xd0, value, 1);
    else if (value >= -0x8000) this.#fixed(0xd1, value, 2);
    else if (value >= -0x8000_0000) this.#fixed(0xd2, value, 4);
    else this.#big(0xd3, BigInt(value));
  }

  /** From -2^63 to 2^64-1: more than that msgpack has no form for. */
  bigint(value: bigint): void {
    if (value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)) {
      this.integer(Number(value));
    } else {
      this.#big(value < 0n ? 0xd3 : 0xcf, value);
    }
  }

  /** A lone surrogate becomes U+FFFD: bytes that are no UTF-8 make the master count another worker's report twice. */
  string(value: string): void {
    const size = Buffer.byteLength(value);
    if (size < 0x20) this.#byte(0xa0 | size);
    else if (size <= 0xff) this.#fixed(0xd9, size, 1);
    else this.#size(0xda, size);
    this.#reserve(size);
    this.#length += this.#buffer.write(value, this.#length, size, 'utf8');
  }

  binary(value: Uint8Array): void {
    if (value.byteLength <= 0xff) this.#fixed(0xc4, value.byteLength, 1);
    else this.#size(0xc5, value.byteLength);
    this.#reserve(value.byteLength);
    this.#buffer.set(value, this.#length);
    this.#length += value.byteLength;
  }

  /** To be followed by as many values. */
  array(size: number): void {
    if (size < 0x10) this.#byte(0x90 | size);
    else this.#size(0xdc, size);
  }

  /** To be followed by as many keys, each with its value. */
  map(size: number): void {
    if (size < 0x10) this.#byte(0x80 | size);
    else this.#size(0xde, size);
  }

  #unsigned(value: number): void {
    if (value < 0x80) this.#byte(value);
    else if (value <= 0xff) this.#fixed(0xcc, value, 1);
    else if (value <= 0xffff) this.#fixed(0xcd, value, 2);
    else if (value <= 0xffff_ffff) this.#fixed(0xce, value, 4);
    else this.#big(0xcf, BigInt(value));
  }

  /** A length in 2 bytes under `head`, or in 4 under the one after it. */
  #size(head: number, size: number): void {
    if (size <= 0xffff) this.#fixed(head, size, 2);
    else this.#fixed(head + 1, size, 4);
  }

  #byte(value: number): void {
    this.#head(value, 0);
  }

  #fixed(head: number, value: number, width: 1 | 2 | 4): void {
    this.#head(head, width);
    this.#length =
      value < 0
        ? this.#buffer.writeIntBE(value, this.#length, width)
        : this.#buffer.writeUIntBE(value, this.#length, width);
  }

  #big(head: number, value: bigint): void {
    this.#head(head, 8);
    this.#length = this.#buffer.writeBigUInt64BE(BigInt.asUintN(64, value), this.#length);
  }

  #head(head: number, following: number): void {
    this.#reserve(1 + following);
    this.#length = this.#buffer.writeUInt8(head, this.#length);
  }

  #reserve(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}
