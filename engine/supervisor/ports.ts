import { randomInt } from 'node:crypto';
import net from 'node:net';
import { CodedError } from '../../model/errors.ts';

/**
 * A free port on this machine's own address. It is taken from below the range that systems give to outgoing
 * connections, so that a server that is started again finds its port still free.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if ((await listenError('127.0.0.1', port)) === null) return port;
  }
}

/** Throws house.port-in-use, naming the server that needs the port, when another program has it. */
export async function assertPortFree(port: number, server: string): Promise<void> {
  const problem = await listenError('127.0.0.1', port);
  if (problem === null) return;
  throw new CodedError(
    'house.port-in-use',
    `Port ${port}, which ${server} had so far, is in use by another program (${problem}).`,
  );
}

/** Throws house.port-in-use or config.invalid when the page could not be served at this address. */
export async function assertPageAddressFree(host: string, port: number): Promise<void> {
  const problem = await listenError(host, port);
  if (problem === null) return;
  if (problem === 'EADDRINUSE') {
    throw new CodedError(
      'house.port-in-use',
      `Port ${port} on ${host} is in use by another program. Stop that program, or set PORT to another number: ` +
        `PORT=${port === 65535 ? port - 1 : port + 1} npm start`,
    );
  }
  if (problem === 'EACCES') {
    throw new CodedError(
      'config.invalid',
      `PORT is "${port}", but this user may not use it. Ports from 1024 on are free to use.`,
    );
  }
  throw new CodedError(
    'config.invalid',
    `HOST is ${JSON.stringify(host)}, but that is no address of this machine (${problem}).`,
  );
}

/** The system's word for why a server could not listen there; null when it could. */
async function listenError(host: string, port: number): Promise<string | null> {
  return await new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
