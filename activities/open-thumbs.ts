import path from 'node:path';
import { createThumbServer } from '../photos/thumb-server.ts';
import { createThumbFolder, type ThumbStore } from '../photos/thumb-store.ts';

interface ThumbsPlace {
  thumbsDir: string;
  tempDir: string;
  thumbsServer: string | undefined;
  workerToken: string | undefined;
}

/** In the data folder; or over the network, from the web server, and then a directory of the process' own holds what is under way. */
export async function openThumbs({ thumbsDir, tempDir, thumbsServer, workerToken }: ThumbsPlace): Promise<ThumbStore> {
  if (thumbsServer === undefined || workerToken === undefined) return createThumbFolder(thumbsDir);
  const dir = path.join(tempDir, `thumbs-of-${process.pid}`);
  return await createThumbServer({ address: thumbsServer, token: workerToken, dir });
}
