import { loadBackend } from './faces/backend.ts';
const { tf } = await loadBackend((process.argv[2] ?? 'tensorflow') as never) as any;
const time = (name: string, gmac: number, f: () => any) => { let best = 1e9; for (let r = 0; r < 7; r++) { const t = performance.now(); tf.tidy(() => { f(); }); best = Math.min(best, performance.now() - t); } console.log(name, best.toFixed(2), 'ms', gmac ? (gmac / best * 1000).toFixed(1) + ' GMAC/s' : ''); };
for (const [n, m, k] of [[1024, 4000, 128], [1024, 1000, 128], [128, 1000, 128], [128,1000,129], [1024, 200, 128], [256, 4000, 128],[4096,200,128]]) {
  const a = tf.randomNormal([n, k]), bt = tf.randomNormal([m, k]), b = tf.randomNormal([k, m]);
  time(`mm ${n}x${k}x${m} T`, n * m * k / 1e9, () => tf.matMul(a, bt, false, true));
  time(`mm ${n}x${k}x${m}`, n * m * k / 1e9, () => tf.matMul(a, b));
  const c = tf.randomNormal([n, m]), d = tf.randomNormal([n, m]), h = tf.randomNormal([m]);
  time('max', 0, () => tf.maximum(c, d)); time('sub', 0, () => c.sub(h)); time('dataSync', 0, () => c.dataSync());
  if (m % 4 === 0) time('reshape max2', 0, () => c.reshape([n, m / 4, 4]).max(2)); 
}
