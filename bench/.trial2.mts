import { mkdtempSync, rmSync } from 'node:fs';
const { faceRecognition, stock } = await import('/tmp/faces/bench/faces-contenders.ts');
const { benchCrowds } = await import('/tmp/faces/bench/faces-found.ts');
const { pythonWithFaceRecognition } = await import('/tmp/faces/bench/faces-python.ts');
const dir = '/tmp/scratch/bf-crowds'; (await import('node:fs')).mkdirSync(dir,{recursive:true});
const rivals = [stock(1), faceRecognition(pythonWithFaceRecognition()!, 1)];
console.time('crowds'); await benchCrowds(dir, rivals); console.timeEnd('crowds');
await Promise.all(rivals.map(e=>e.close()));
