import { subscribe } from 'node:diagnostics_channel';
import type { FastifyInstance } from 'fastify';

const routes = new WeakMap<FastifyInstance, Set<string>>();

// Told of each app before it has any route, so that none escapes; the tree that an app prints shows only one wildcard.
subscribe('fastify.initialization', (message) => {
  const { fastify: app } = message as { fastify: FastifyInstance };
  const found = new Set<string>();
  routes.set(app, found);
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) if (each !== 'HEAD') found.add(`${each} ${url}`);
  });
});

/** All routes of an app that was made after this file was loaded: `GET /jobs/job/:id`. */
export const routesOf = (app: FastifyInstance): string[] => [...(routes.get(app) ?? [])].toSorted();
