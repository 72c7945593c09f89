import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { loadBackend, modelDir } from './backend.ts';
import { findFaces } from './find-faces.ts';
import { findReference } from './find-reference.ts';
import { loadNetworks } from './networks.ts';
import { openPicture } from './picture.ts';

// A tensor a picture that is not given back is a process that grows until it is killed.
for (const wanted of ['tensorflow', 'wasm'] as const) {
  test(`${wanted}: no tensor is left behind by a picture, nor by a reference image`, async (t) => {
    const backend = await loadBackend(wanted);
    if (backend.name !== wanted) return t.skip(`TensorFlow does not load: ${backend.why}`);
    const networks = await loadNetworks(backend);
    const picture = await openPicture(path.join(modelDir, '..', 'demo', 'sample1.jpg'));
    const nobody = { data: Buffer.alloc(300 * 200 * 3, 99), width: 300, height: 200 };
    // The first picture may leave what all the others use.
    await findFaces(networks, nobody, { detector: 'combined', minScore: 0.25, minSize: 16, tiles: 'never' });
    const before = networks.tensors();
    assert.ok(before > 0);
    const found = await findFaces(networks, picture, {
      detector: 'combined',
      minScore: 0.25,
      minSize: 16,
      tiles: 'never',
    });
    assert.ok(found.faces.length >= 2);
    assert.equal((await findReference(networks, nobody, null)).foundBy, 'assumed');
    await findReference(networks, picture, { left: 150, top: 150, width: 120, height: 120 });
    assert.equal(networks.tensors(), before);
  });
}
