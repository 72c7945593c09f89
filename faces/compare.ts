import { compareModule } from './compare-module.ts';
import { descriptorLength } from './descriptor.ts';

/** Compares descriptors, twenty times as fast as a loop of JavaScript does. */
export interface Comparer<Many, Few, Squares> {
  /** Takes the many to compare with, `[n, 128]`, in place of those before. */
  load(many: Many): void;
  /**
   * Of those from `from` to before `to` of the many each one's square of the distance to the nearest of a few, `[k, 128]`.
   * They are overwritten by the next comparison.
   */
  squares(few: Few, from: number, to: number): Squares;
}

export type DescriptorComparer = Comparer<Float32Array, Float32Array, Float32Array>;
/**
 * Compares sketches, in steps, with descriptors in sixteenths of a step, which may be up to 127 steps: so no square of a
 * distance, in sixteenths too, is beyond 31 bits.
 */
export type SketchComparer = Comparer<Int8Array, Int16Array, Uint32Array>;

export const createDescriptorComparer = (): DescriptorComparer =>
  createComparer('nearer', Float32Array, Float32Array, Float32Array, Infinity);

export const createSketchComparer = (): SketchComparer =>
  createComparer('nearerSketches', Int8Array, Int16Array, Uint32Array, 0xffffffff);

interface Numbers<T> {
  set(numbers: T): void;
  fill(number: number): T;
  subarray(from: number, to: number): T;
  readonly length: number;
}
interface NumberType<T> {
  new (memory: ArrayBuffer, from: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
}

const pageBytes = 65_536;
const module = new WebAssembly.Module(Buffer.from(compareModule, 'base64'));

/** Its memory, outside of JavaScript's, grows to what the largest block takes, and stays. */
function createComparer<Many extends Numbers<Many>, Few extends Numbers<Few>, Squares extends Numbers<Squares>>(
  name: 'nearer' | 'nearerSketches',
  manyType: NumberType<Many>,
  fewType: NumberType<Few>,
  squareType: NumberType<Squares>,
  farthest: number,
): Comparer<Many, Few, Squares> {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const exported = new WebAssembly.Instance(module, { compare: { memory } }).exports;
  // What the text beside it exports.
  const nearer = exported[name] as (one: number, many: number, end: number, out: number) => void;
  // The one, then the many, then the squares.
  const begin = descriptorLength * fewType.BYTES_PER_ELEMENT;
  const stride = descriptorLength * manyType.BYTES_PER_ELEMENT;
  let out = begin;
  return {
    load(many) {
      const n = many.length / descriptorLength;
      out = begin + n * stride;
      const total = out + n * squareType.BYTES_PER_ELEMENT;
      const lacking = Math.ceil((total - memory.buffer.byteLength) / pageBytes);
      if (lacking > 0) memory.grow(lacking);
      new manyType(memory.buffer, begin, many.length).set(many);
    },
    squares(few, from, to) {
      const one = new fewType(memory.buffer, 0, descriptorLength);
      const found = new squareType(memory.buffer, out, to - from).fill(farthest);
      for (let at = 0; at < few.length; at += descriptorLength) {
        one.set(few.subarray(at, at + descriptorLength));
        nearer(0, begin + from * stride, begin + to * stride, out);
      }
      return found;
    },
  };
}
