import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { projectDir } from '../config.ts';
import { CodedError } from '../model/errors.ts';

const require = createRequire(import.meta.url);
const vendor = ['htmx.org/dist/htmx.min.js', 'htmx.org/dist/ext/hx-sse.min.js', 'thumbhash/thumbhash.js'];
const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

interface Asset {
  content: Buffer;
  type: string;
  version: string;
}

function readAssets(): Map<string, Asset> {
  // The sources' own folder, also when this runs from dist/: nothing needs to be copied there.
  const dir = path.join(projectDir, 'web', 'assets');
  const own = readdirSync(dir).map((name) => ({ name, file: path.join(dir, name) }));
  const others = vendor.map((module) => ({ name: `vendor/${path.basename(module)}`, file: require.resolve(module) }));
  return new Map(
    [...own, ...others].map(({ name, file }) => {
      const content = readFileSync(file);
      const version = createHash('sha256').update(content).digest('base64url').slice(0, 12);
      return [name, { content, version, type: types[path.extname(name)] ?? 'application/octet-stream' }];
    }),
  );
}

const assets = readAssets();

/** The address of an asset with its content's version, to be kept by browsers for ever. */
export const assetUrl = (name: string): string => `/assets/${name}?v=${assets.get(name)?.version ?? ''}`;

/** Serves style sheets, scripts and icons from memory. */
export function assetRoutes(app: FastifyInstance): void {
  app.get<{ Params: { '*': string }; Querystring: { v?: string } }>(
    '/assets/*',
    { config: { right: 'open' } },
    async (request, reply) => {
      const asset = assets.get(request.params['*']);
      if (!asset) throw new CodedError('request.not-found');
      const etag = `"${asset.version}"`;
      // Scripts that import each other name no version: those are asked for again, and answered 304.
      const lasting = request.query.v === asset.version;
      reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache').header('etag', etag);
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      return reply.type(asset.type).send(asset.content);
    },
  );
}
