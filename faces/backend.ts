import type * as Tf from '@tensorflow/tfjs';
import type * as FaceApi from '@vladmandic/face-api';
import { createRequire } from 'node:module';
import path from 'node:path';
import util from 'node:util';

const require = createRequire(import.meta.url);

export type BackendName = 'tensorflow' | 'wasm';

/** What computes the networks. */
export interface Backend {
  /** `tensorflow`: native code. `wasm`: WebAssembly, which runs everywhere, at about half the speed. */
  name: BackendName;
  tf: typeof Tf;
  faceapi: typeof FaceApi;
  /** Why the native one is not used; null where it is, or was not wanted. */
  why: string | null;
}

/** Loads the wanted backend; where native TensorFlow does not load, WebAssembly. Once a process. */
export async function loadBackend(wanted: BackendName): Promise<Backend> {
  if (wanted === 'wasm') return await loadWasm(null);
  try {
    return loadNative();
  } catch (error) {
    return await loadWasm(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

function loadNative(): Backend {
  // TensorFlow.js 4.22 still calls what Node 23 took out.
  if (!('isNullOrUndefined' in util)) {
    Object.assign(require('node:util') as object, { isNullOrUndefined: (value: unknown) => value == null });
  }
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  return {
    name: 'tensorflow',
    tf: require('@tensorflow/tfjs-node') as typeof Tf,
    faceapi: require('@vladmandic/face-api/dist/face-api.node.js') as typeof FaceApi,
    why: null,
  };
}

async function loadWasm(why: string | null): Promise<Backend> {
  const tf = require('@tensorflow/tfjs') as typeof Tf;
  const wasm = require('@tensorflow/tfjs-backend-wasm') as {
    setWasmPaths: (dir: string) => void;
    setThreadsCount: (n: number) => void;
  };
  const faceapi = require('@vladmandic/face-api/dist/face-api.node-wasm.js') as typeof FaceApi;
  wasm.setWasmPaths(`${path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}${path.sep}`);
  // More processes do more than more threads.
  wasm.setThreadsCount(1);
  await tf.setBackend('wasm');
  await tf.ready();
  return { name: 'wasm', tf, faceapi, why };
}

/** Where the networks' weights are. */
export const modelDir = path.join(path.dirname(require.resolve('@vladmandic/face-api/package.json')), 'model');
