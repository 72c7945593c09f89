import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { descriptorLength, distance, fromBytes, toBytes } from './descriptor.ts';

const descriptors = fc.float32Array({
  minLength: descriptorLength,
  maxLength: descriptorLength,
  min: -2,
  max: 2,
  noNaN: true,
});

test('a descriptor comes back from the bytes it was stored as, bit by bit, wherever they lie in memory', () => {
  fc.assert(
    fc.property(descriptors, fc.integer({ min: 0, max: 7 }), (descriptor, offset) => {
      const bytes = toBytes(descriptor);
      assert.equal(bytes.length, 512);
      const shifted = Buffer.concat([Buffer.alloc(offset), bytes]).subarray(offset);
      const back = fromBytes(shifted);
      assert.deepEqual(new Uint32Array(back.buffer), new Uint32Array(descriptor.slice().buffer));
      // What is done to the one is not done to the other.
      back[0] = 7;
      assert.notEqual(shifted.readFloatLE(0), 7);
    }),
  );
});

test('stored bytes are little endian', () => {
  const descriptor = new Float32Array(descriptorLength);
  descriptor[0] = 1;
  descriptor[127] = -0.5;
  const bytes = toBytes(descriptor);
  assert.deepEqual([...bytes.subarray(0, 4)], [0, 0, 0x80, 0x3f]);
  assert.deepEqual([...bytes.subarray(508)], [0, 0, 0, 0xbf]);
});

test('a part of a larger block is stored alone', () => {
  const block = new Float32Array(3 * descriptorLength).map((_, i) => i);
  const second = fromBytes(toBytes(block.subarray(descriptorLength, 2 * descriptorLength)));
  assert.deepEqual([second[0], second[127], second.length], [128, 255, 128]);
});

test('the distance is a metric', () => {
  const one = new Float32Array(descriptorLength);
  const other = new Float32Array(descriptorLength);
  [one[0], one[127], other[0]] = [3, 4, 0];
  assert.equal(distance(one, other), 5);
  fc.assert(
    fc.property(descriptors, descriptors, descriptors, (a, b, c) => {
      assert.equal(distance(a, a), 0);
      assert.equal(distance(a, b), distance(b, a));
      assert.ok(distance(a, c) <= distance(a, b) + distance(b, c) + 1e-9);
    }),
  );
});
