import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CodedError } from '../model/errors.ts';

const loopbackNames = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Headers, and the refusal of requests that another site made a browser send. `host` is the address listened on. */
export function secure(app: FastifyInstance, host: string): void {
  app.register(helmet, {
    enableCSPNonces: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: [],
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

  const onLoopback = loopbackNames.test(host === '::1' ? '[::1]' : host);
  app.addHook('onRequest', async (request) => {
    if (onLoopback && !loopbackNames.test(hostName(request))) {
      // A name from elsewhere that points to this machine: DNS rebinding.
      throw new CodedError('request.cross-site', 'This address is not one Photo Assistant answers to.');
    }
    if (!['GET', 'HEAD', 'OPTIONS'].includes(request.method) && isCrossSite(request)) {
      throw new CodedError('request.cross-site');
    }
  });
}

const hostName = (request: FastifyRequest): string => (request.headers.host ?? '').replace(/:\d*$/, '').toLowerCase();

/**
 * Browsers say where a request came from in Sec-Fetch-Site, or, over plain http, in Origin. Programs such as curl send
 * neither: they are not led here by another site.
 */
function isCrossSite({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (headers.origin === undefined) return false;
  return !URL.canParse(headers.origin) || new URL(headers.origin).host !== headers.host;
}
