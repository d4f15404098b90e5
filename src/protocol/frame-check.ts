import { isUtf8 } from 'node:buffer';
import { BrokenFrameError } from './message.ts';

/** A spawn has some kilobytes. */
export const maxFrameBytes: number = 16 * 1024 * 1024;
/** Values in one frame: each may cost 60 bytes of memory for one byte on the wire. */
const maxValues = 2_000_000;
/** Python writes no more than 511. */
const maxDepth = 512;

/**
 * Walks over msgpack bytes without building anything, and throws unless they are exactly one value whose lengths are
 * all backed by bytes. The library would reserve memory for whatever a few bytes claim, and takes what is no UTF-8.
 *
 * @throws BrokenFrameError with the reason.
 */
export function checkFrame(frame: Uint8Array): void {
  if (frame.byteLength > maxFrameBytes) throw new BrokenFrameError(`${frame.byteLength} bytes are too many`);
  const cursor = new Cursor(frame);
  /** How many values are still to come, for each container that is open. */
  const open: number[] = [1];
  let values = 0;
  while (open.length > 0) {
    const due = open.at(-1) ?? 0;
    if (due === 0) {
      open.pop();
      continue;
    }
    open[open.length - 1] = due - 1;
    if (++values > maxValues) throw new BrokenFrameError(`more than ${maxValues} values`);
    const inner = cursor.value();
    if (inner > 0 && open.push(inner) > maxDepth)
      throw new BrokenFrameError(`nested more than ${maxDepth} levels deep`);
  }
  if (cursor.left > 0) throw new BrokenFrameError(`${cursor.left} bytes follow the message`);
}

class Cursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.byteLength - this.#at;
  }

  /** Steps over one value, or over the head of a container, and returns how many values that one announces. */
  value(): number {
    const head = this.#unsigned(1);
    if (head < 0x80 || head >= 0xe0) return 0;
    if (head < 0x90) return this.#container(2 * (head & 0x0f));
    if (head < 0xa0) return this.#container(head & 0x0f);
    if (head < 0xc0) return this.#text(head & 0x1f);
    return this.#tagged(head);
  }

  #tagged(head: number): number {
    switch (head) {
      case 0xc1:
        throw new BrokenFrameError(`byte 0xc1 at ${this.#at - 1}: not msgpack`);
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#skip(this.#unsigned(width(head - 0xc4)));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#skip(this.#unsigned(width(head - 0xc7)) + 1);
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#unsigned(width(head - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#container(this.#unsigned(width(head - 0xdb)));
      case 0xde:
      case 0xdf:
        return this.#container(2 * this.#unsigned(width(head - 0xdd)));
      case 0xca:
        return this.#skip(4);
      case 0xcb:
        return this.#skip(8);
      default:
        if (head >= 0xd4) return this.#skip(1 + 2 ** (head - 0xd4));
        if (head >= 0xd0) return this.#skip(2 ** (head - 0xd0));
        return head >= 0xcc ? this.#skip(2 ** (head - 0xcc)) : 0;
    }
  }

  #unsigned(size: 1 | 2 | 4): number {
    this.#need(size);
    const at = this.#at;
    this.#at += size;
    return size === 1 ? this.#view.getUint8(at) : size === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  #container(size: number): number {
    this.#need(size);
    return size;
  }

  #text(size: number): number {
    this.#need(size);
    if (!isUtf8(this.#bytes.subarray(this.#at, this.#at + size))) {
      throw new BrokenFrameError(`the text at ${this.#at} is not UTF-8`);
    }
    return this.#skip(size);
  }

  #skip(size: number): 0 {
    this.#need(size);
    this.#at += size;
    return 0;
  }

  #need(size: number): void {
    if (size > this.left) throw new BrokenFrameError(`ends after ${this.#bytes.byteLength} bytes, in the middle`);
  }
}

function width(step: number): 1 | 2 | 4 {
  return step === 0 ? 1 : step === 1 ? 2 : 4;
}
