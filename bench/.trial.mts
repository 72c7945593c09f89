import { mkdtempSync, rmSync } from 'node:fs';
const { faceRecognition, ours, stock } = await import('/tmp/faces/bench/faces-contenders.ts');
const { benchCrowds, benchFound } = await import('/tmp/faces/bench/faces-found.ts');
const { benchNames } = await import('/tmp/faces/bench/faces-names.ts');
const { truePreviews } = await import('/tmp/faces/bench/faces-pictures.ts');
const { pythonWithFaceRecognition } = await import('/tmp/faces/bench/faces-python.ts');
const dir = mkdtempSync('/tmp/scratch/bf-');
const python = pythonWithFaceRecognition();
const rivals = [stock(1), faceRecognition(python!, 1)];
const pictures = (await truePreviews(dir));
const own = [ours('ours', 'tensorflow', 1), ours('ours, wasm', 'wasm', 1)];
console.time('found');
const seen = await benchFound([...own, ...rivals], pictures);
console.timeEnd('found'); console.time('names');
for (const [c, its] of seen) for (const [i,p] of pictures.entries()) { if (c.name==='ours, wasm') continue; const l=its[i]; if (l.boxes.length!==p.faces.length) console.log(c.name,p.id,l.boxes.length,'of',p.faces.length); }
await benchNames([...own, ...rivals], pictures, seen);
console.timeEnd('names');
await Promise.all([...own,...rivals].map(e=>e.close()));
rmSync(dir,{recursive:true});
