/**
 * The recipe without the product around it: looks for faces in the files that come in as a JSON list, with as many
 * processes as the product has, and tells how many seconds that took.
 */
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { createScanner } from '../faces/scanner.ts';
import { defaults } from './faces-contenders.ts';
import { timed } from './report.ts';

const files = JSON.parse(await text(process.stdin)) as string[];
const scanner = createScanner({ wanted: 'tensorflow', processes: availableParallelism() });
const look = async (file: string) => await scanner.findFaces(file, defaults, new AbortController().signal);
console.log(await timed(() => Promise.all(files.map(look))));
await scanner.close();
