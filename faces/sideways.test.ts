import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { crops, noFacePictures } from '../tests/support/faces-truth.ts';
import { temporaryDir } from '../tests/support/house.ts';
import { distance } from './descriptor.ts';
import { createScanner } from './scanner.ts';

const dir = temporaryDir({ after });

test(
  'a crop that lies on its side, or stands on its head, is described as it is upright',
  { skip: noFacePictures },
  async () => {
    const scanner = createScanner({ wanted: 'tensorflow', processes: 1 });
    const patience = new AbortController().signal;
    try {
      for (const [i, { path: crop }] of crops()
        .filter((_, i) => i % 9 === 0)
        .entries()) {
        const upright = await scanner.findReference(crop, null, patience);
        assert.notEqual(upright.foundBy, 'assumed', crop);
        const turn = [90, 180, 270][i % 3];
        const file = path.join(dir, `${i}.png`);
        await sharp(crop).rotate(turn).png().toFile(file);
        const turned = await scanner.findReference(file, null, patience);
        const [one, other] = [upright.faces[0]!, turned.faces[0]!];
        assert.ok(distance(one.descriptor, other.descriptor) < 0.05, `${crop} turned by ${turn}`);
        // Told where it is in the picture as it is stored: its nose is in its box.
        const [nose, { box }] = [other.landmarks[30]!, other];
        assert.ok(
          nose.x > box.left && nose.x < box.left + box.width && nose.y > box.top && nose.y < box.top + box.height,
        );
        const centre = { x: one.box.left + one.box.width / 2, y: one.box.top + one.box.height / 2 };
        const [w, h] = [upright.width, upright.height];
        const expected = { 90: { x: h - centre.y, y: centre.x }, 180: { x: w - centre.x, y: h - centre.y } };
        const at = turn === 90 || turn === 180 ? expected[turn] : { x: centre.y, y: w - centre.x };
        assert.ok(Math.hypot(box.left + box.width / 2 - at.x, box.top + box.height / 2 - at.y) < 3, crop);

        // In a box that a person draws a face is turned as well.
        const whole = { left: 0, top: 0, width: 1, height: 1 };
        const byHand = await scanner.findReference(file, whole, patience);
        assert.equal(byHand.foundBy, 'by hand');
        assert.ok(distance(one.descriptor, byHand.faces[0]!.descriptor) < 0.45, crop);
      }
    } finally {
      await scanner.close();
    }
  },
);
