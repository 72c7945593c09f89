import { loadBackend } from './faces/backend.ts';
import { likelyByProduct } from './faces/sketch-product.ts';
import { referencesOf } from './faces/nearest.ts';
import { sketchOf, inSteps, reachInSteps } from './faces/sketch.ts';
const { tf } = await loadBackend((process.argv[2] ?? 'tensorflow') as never);
let seed = 1; const rnd = () => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed / 2 ** 32; };
const vec = (mid: Float32Array | null, far: number) => Float32Array.from({ length: 128 }, (_, i) => (mid?.[i] ?? 0) + ((rnd() + rnd() + rnd() + rnd() - 2) * Math.sqrt(3) * far) / Math.sqrt(128));
const human = vec(null, 1.3); const mids = Array.from({ length: 200 }, () => vec(human, 0.57));
const refs = referencesOf(mids.flatMap((m, p) => Array.from({ length: 20 }, (_, k) => ({ refimg: p * 20 + k, person: p + 1, descriptor: vec(m, 0.27) }))));
const n = 6144; const sk = new Int8Array(n * 128);
for (let i = 0; i < n; i++) sk.set(sketchOf(vec(mids[i % 200]!, 0.27)), i * 128);
function groupsOf(persons: any, together: number) {
  return [...persons].flatMap(([person, { from, to }]: any) => Array.from({ length: Math.ceil((to - from) / together) }, (_, g) => ({ person, members: Array.from({ length: together }, (_, k) => Math.min(to - 1, from + g * together + k)) })));
}
const make = (together: number, atOnce: number) => async (tf: any, sketches: Int8Array, references: any, reach: number) => {
  const groups = groupsOf(references.persons, together);
  const farthest = reachInSteps(reach) ** 2;
  const likely = { faces: [] as number[], persons: [] as number[] };
  const D = 129;
  const st = inSteps(references.block);
  const blocks = Array.from({ length: together }, (_, k) => {
    const b = new Float32Array(groups.length * D);
    groups.forEach((g: any, i) => { const r = g.members[k]; let s = 0; for (let d = 0; d < 128; d++) { const v = st[r * 128 + d]!; b[i * D + d] = v; s += v * v; } b[i * D + 128] = -s / 2; });
    return tf.tensor2d(b, [groups.length, D]).transpose().clone();
  });
  const length = sketches.length / 128;
  const page = new Float32Array(atOnce * D);
  const least = new Float32Array(atOnce);
  for (let from = 0; from < length; from += atOnce) {
    const m = Math.min(atOnce, length - from);
    for (let i = 0; i < m; i++) { let s = 0; for (let d = 0; d < 128; d++) { const v = sketches[(from + i) * 128 + d]!; page[i * D + d] = v; s += v * v; } page[i * D + 128] = 1; least[i] = (s - farthest) / 2; }
    const valuesT = tf.tidy(() => {
      const faces = tf.tensor2d(page.subarray(0, m * D), [m, D]);
      let best = faces.matMul(blocks[0]);
      for (let k = 1; k < together; k++) best = tf.maximum(best, faces.matMul(blocks[k]));
      return best;
    });
    const values = valuesT.dataSync(); valuesT.dispose();
    for (let i = 0; i < m; i++) { let last = -1; const l = least[i]!; const at = i * groups.length;
      for (let g = 0; g < groups.length; g++) { if (values[at + g]! < l) continue; const { person } = groups[g]!; if (person === last) continue; likely.faces.push(from + i); likely.persons.push(person); last = person; } }
  }
  blocks.forEach((b) => b.dispose());
  return likely;
};
const variants: any = { now: likelyByProduct };
for (const tg of [4, 5, 10, 20]) for (const a of [64, 128, 256, 512, 1024]) variants[`t${tg} n${a}`] = make(tg, a);
const best: any = {};
for (let r = 0; r < 3; r++) for (const [name, f] of Object.entries(variants) as any) {
  const t = performance.now(); const l = await f(tf as never, sk, refs, 0.6); const ms = performance.now() - t; best[name] = Math.min(best[name] ?? 1e9, ms); best[name + ' l'] = l.faces.length;
}
for (const name of Object.keys(variants)) console.log(name, best[name].toFixed(0), 'ms →', (best[name] * 1e3 / n).toFixed(0), 's/million', best[name + ' l']);
