import { loadBackend } from './faces/backend.ts';
import { likelyByProduct } from './faces/sketch-product.ts';
import { referencesOf } from './faces/nearest.ts';
import { sketchOf } from './faces/sketch.ts';
const { tf } = await loadBackend((process.argv[2] ?? 'tensorflow') as never);
let seed = 1; const rnd = () => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed / 2 ** 32; };
const vec = (mid: Float32Array | null, far: number) => Float32Array.from({ length: 128 }, (_, i) => (mid?.[i] ?? 0) + ((rnd() + rnd() + rnd() + rnd() - 2) * Math.sqrt(3) * far) / Math.sqrt(128));
const human = vec(null, 1.3); const mids = Array.from({ length: 200 }, () => vec(human, 0.57));
const refs = referencesOf(mids.flatMap((m, p) => Array.from({ length: 20 }, (_, k) => ({ refimg: p * 20 + k, person: p + 1, descriptor: vec(m, 0.27) }))));
const n = 6144; const sk = new Int8Array(n * 128);
for (let i = 0; i < n; i++) sk.set(sketchOf(vec(mids[i % 200]!, 0.27)), i * 128);
for (const [name, f] of Object.entries({ now: likelyByProduct })) {
  await f(tf as never, sk, refs, 0.6);
  for (let r = 0; r < 3; r++) { const t = performance.now(); const l = await f(tf as never, sk, refs, 0.6); console.log(name, (performance.now() - t).toFixed(0), 'ms for', n, '→', ((performance.now() - t) * 1e6 / n / 1000).toFixed(0), 's per million', l.faces.length); }
}
