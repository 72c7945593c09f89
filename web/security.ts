import type { FastifyInstance, FastifyRequest } from 'fastify';
import helmet from 'helmet';
import { randomUUID } from 'node:crypto';
import net from 'node:net';
import os from 'node:os';
import type { Config } from '../config.ts';
import { CodedError } from '../model/errors.ts';

const loopbackNames = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether an address to listen on can be reached from this machine only. */
const isLoopback = (host: string): boolean => loopbackNames.test(host === '::1' ? '[::1]' : host);

/** Whether only programs and people on this machine reach the page: it listens to nobody else, and no proxy leads here. */
export const isReachedFromHereOnly = ({
  host,
  publicUrl,
  trustedProxies,
}: Pick<Config, 'host' | 'publicUrl' | 'trustedProxies'>): boolean =>
  isLoopback(host) &&
  trustedProxies === false &&
  (publicUrl === undefined || loopbackNames.test(new URL(publicUrl).hostname));

/** Browsers keep cookies by host, not by port: two houses on a machine need two names. */
export const cookieName = ({ port }: Pick<Config, 'port'>): string => `photo-assistant-${port}`;

declare module 'fastify' {
  interface FastifyReply {
    /** What scripts of this page have to name to be run. */
    nonce: string;
  }
}

/** Headers, and the refusal of requests that another site made a browser send. */
export function secure(app: FastifyInstance, config: Pick<Config, 'host' | 'publicUrl'>): void {
  let nonce = '';
  const setHeaders = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: [() => `'nonce-${nonce}'`],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'], // data: for the placeholders painted from thumbhashes
        mediaSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // The address is plain http at home; a proxy with TLS in front sets this header itself.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'same-origin' },
  });
  app.decorateReply('nonce', '');
  app.addHook('onRequest', (request, reply, done) => {
    // It is asked for at once.
    nonce = reply.nonce = randomUUID();
    setHeaders(request.raw, reply.raw, (error) => (error instanceof Error ? done(error) : done()));
  });

  const isOurName = ourNames(config);
  app.addHook('onRequest', async (request) => {
    const name = request.hostname.toLowerCase();
    if (!isOurName(name)) {
      // A name from elsewhere that points to this machine: DNS rebinding.
      const words = `Photo Assistant does not answer to the name ${JSON.stringify(name.slice(0, 100))}.`;
      throw new CodedError('request.cross-site', `${words} If it is this machine’s, set PHOTO_ASSISTANT_URL to it.`);
    }
    if (!['GET', 'HEAD', 'OPTIONS'].includes(request.method) && isCrossSite(request)) {
      throw new CodedError('request.cross-site');
    }
  });
}

/**
 * The names that requests may be for: of this machine alone where it listens to nobody else; else also addresses, which no
 * DNS leads anywhere, and the machine's own name; and always that of its public address.
 */
function ourNames({ host, publicUrl }: Pick<Config, 'host' | 'publicUrl'>): (name: string) => boolean {
  const machine = os.hostname().toLowerCase();
  const names = [host.toLowerCase(), machine, `${machine}.local`];
  const publicName = publicUrl === undefined ? undefined : new URL(publicUrl).hostname;
  const isAddress = (name: string) => net.isIP(name.replace(/^\[|\]$/g, '')) !== 0;
  return (name) =>
    loopbackNames.test(name) || name === publicName || (!isLoopback(host) && (names.includes(name) || isAddress(name)));
}

/**
 * Browsers say where a request came from in Sec-Fetch-Site, or, over plain http, in Origin. Programs such as curl send
 * neither: they are not led here by another site.
 */
function isCrossSite({ headers, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (headers.origin === undefined) return false;
  return !URL.canParse(headers.origin) || new URL(headers.origin).host !== host;
}
