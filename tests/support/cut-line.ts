import { once } from 'node:events';
import net from 'node:net';

/** A way to a server that can be cut, as when somebody pulls a cable, and mended. */
export interface Line {
  port: number;
  /** All that is on it breaks off, and nobody gets through. */
  cut(): void;
  /** All that is on it stands still. */
  stall(): void;
  mend(): void;
  close(): Promise<void>;
}

/** A line to a port of this machine. */
export async function openLine(target: number): Promise<Line> {
  const ends = new Set<net.Socket>();
  let state: 'open' | 'cut' | 'stalled' = 'open';
  const server = net.createServer((near) => {
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const far = net.connect(target, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(one);
      one.on('data', (chunk: Buffer) => {
        if (!other.write(chunk)) one.pause();
      });
      one.on('drain', () => state === 'stalled' || other.resume());
      one.on('error', () => other.destroy());
      one.on('end', () => other.end());
      one.on('close', () => {
        ends.delete(one);
        other.destroy();
      });
      if (state === 'stalled') one.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    cut() {
      state = 'cut';
      for (const end of ends) end.destroy();
    },
    stall() {
      state = 'stalled';
      for (const end of ends) end.pause();
    },
    mend() {
      state = 'open';
      for (const end of ends) end.resume();
    },
    async close() {
      for (const end of ends) end.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
