/**
 * Assembles faces/compare.wat into faces/compare-module.ts: the few hundred bytes are kept with the sources, so that
 * neither the build nor a test has to make them. Run it after changing the text.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import wabt from 'wabt';

const faces = path.join(import.meta.dirname, '..', 'faces');
const { parseWat } = await wabt();
const text = readFileSync(path.join(faces, 'compare.wat'), 'utf8');
const { buffer } = parseWat('compare.wat', text, { simd: true }).toBinary({});
writeFileSync(
  path.join(faces, 'compare-module.ts'),
  `/** What faces/compare.wat is as a WebAssembly module. Written by scripts/assemble.mjs. */
export const compareModule =
  '${Buffer.from(buffer).toString('base64')}';
`,
);
