import type { FastifyInstance } from 'fastify';

/** All routes of an app, as it lists them itself: `GET /jobs/job/:id`. */
export function routesOf(app: FastifyInstance): string[] {
  const parts: string[] = [];
  const found: string[] = [];
  for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
    const match = /^((?:[│ ] {3})*)[├└]── (.+?)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (!match) continue;
    const [, indent = '', part = '', methods] = match;
    const depth = indent.length / 4;
    parts.splice(depth, Infinity, part);
    const url = parts.join('').replace(/\/{2,}/g, '/');
    for (const method of methods?.split(', ') ?? []) if (method !== 'HEAD') found.push(`${method} ${url}`);
  }
  return [...new Set(found)].toSorted();
}
