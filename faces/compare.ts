import { compareModule } from './compare-module.ts';
import { descriptorLength } from './descriptor.ts';

/** Compares descriptors, twenty times as fast as a loop of JavaScript does. */
export interface Comparer {
  /** Takes the many to compare with, `[n, 128]`, in place of those before. */
  load(many: ArrayLike<number>): void;
  /**
   * Of those from `from` to before `to` of the many each one's square of the distance to the nearest of a few, `[k, 128]`.
   * They are overwritten by the next comparison.
   */
  squares(few: Float32Array, from: number, to: number): Float32Array;
}

const bytes = Float32Array.BYTES_PER_ELEMENT;
const stride = descriptorLength * bytes;
const pageBytes = 65_536;
const module = new WebAssembly.Module(Buffer.from(compareModule, 'base64'));

/** Its memory, outside of JavaScript's, grows to what the largest block takes, and stays. */
export function createComparer(): Comparer {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { nearer } = new WebAssembly.Instance(module, { compare: { memory } }).exports as {
    nearer: (one: number, many: number, end: number, out: number) => void;
  }; // What the text beside it exports.
  // The one, then the many, then the squares.
  let out = stride;
  return {
    load(many) {
      out = stride + many.length * bytes;
      const total = out + (many.length / descriptorLength) * bytes;
      const lacking = Math.ceil((total - memory.buffer.byteLength) / pageBytes);
      if (lacking > 0) memory.grow(lacking);
      new Float32Array(memory.buffer, stride, many.length).set(many);
    },
    squares(few, from, to) {
      const one = new Float32Array(memory.buffer, 0, descriptorLength);
      const found = new Float32Array(memory.buffer, out, to - from).fill(Infinity);
      for (let at = 0; at < few.length; at += descriptorLength) {
        one.set(few.subarray(at, at + descriptorLength));
        nearer(0, stride + from * stride, stride + to * stride, out);
      }
      return found;
    },
  };
}
