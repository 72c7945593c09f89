/** Numbers of a descriptor. */
export const descriptorLength = 128;

/** As it is stored: 128 float32, little endian. */
export const toBytes = (descriptor: Float32Array): Buffer =>
  Buffer.from(descriptor.buffer, descriptor.byteOffset, descriptor.byteLength);

export function fromBytes(bytes: Buffer): Float32Array {
  // A copy: the driver's buffers are not aligned.
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** Euclidean, as float32: 0 for the same picture, mostly under 0.54 for the same person, mostly over 0.6 for two. */
export function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < descriptorLength; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    sum += difference * difference;
  }
  return Math.fround(Math.sqrt(sum));
}
