import formbody from '@fastify/formbody';
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyInstance } from 'fastify';
import type { Database } from '../sql/database.ts';
import { healthRoutes } from './api/health-routes.ts';
import { apiRoutes } from './api/routes.ts';
import { assetRoutes } from './assets.ts';
import type { WebDeps } from './deps.ts';
import type { Web } from './shared.ts';
import { handleErrors } from './errors.ts';
import { duplicateRoutes } from './duplicates/routes.ts';
import { drawRoutes } from './faces/draw-routes.ts';
import { faceRoutes } from './faces/routes.ts';
import { folderRoutes } from './folders/routes.ts';
import { jobRoutes } from './jobs/routes.ts';
import { createPage } from './layout.tsx';
import { createLibrary } from './library.ts';
import { createLive } from './live.ts';
import { mapRoutes } from './map/routes.ts';
import { peopleRoutes } from './people/routes.ts';
import { regionRoutes } from './people/region-routes.ts';
import { splitRoutes } from './people/split-routes.ts';
import { thresholdRoutes } from './people/thresholds-routes.ts';
import { unknownRoutes } from './people/unknown-routes.ts';
import { uploadRoutes } from './people/upload-routes.ts';
import { photoRoutes } from './photos/routes.ts';
import { scanRoutes } from './scans/routes.ts';
import { secure } from './security.ts';
import { planRoutes } from './sorter/plan-routes.ts';
import { sorterRoutes } from './sorter/routes.ts';
import { settingsRoutes } from './settings/routes.ts';
import { createSituation } from './situation.ts';
import { statusRoutes } from './status/routes.ts';
import { topFragments } from './top.tsx';
import { tryRoutes } from './try/routes.ts';
import { tryFacesRoutes } from './try-faces/routes.tsx';

/** The pages and the JSON API over a database; not listening yet. */
export const createApp = ({ sql, ...deps }: Omit<WebDeps, 'library'> & { sql: Database }): FastifyInstance =>
  buildApp({ ...deps, library: createLibrary(sql) });

/** The same over any library. */
export function buildApp(deps: WebDeps): FastifyInstance {
  const app = fastify({
    logger: { level: 'warn' },
    routerOptions: { maxParamLength: 500 },
    bodyLimit: 1024 * 1024,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  secure(app, deps.config.host);
  app.register(formbody);

  const situation = createSituation(deps);
  const web: Web = { ...deps, situation, page: createPage(situation), live: createLive(app, situation, topFragments) };
  // Every page says how things stand: asked while the page asks for its own part, so that no one waits for both.
  app.addHook('onRequest', async (request) => {
    if (request.method === 'GET' && request.headers.accept?.includes('text/html')) void situation.read();
  });
  handleErrors(app, web);
  assetRoutes(app);
  for (const routes of [
    photoRoutes,
    faceRoutes,
    peopleRoutes,
    uploadRoutes,
    scanRoutes,
    splitRoutes,
    regionRoutes,
    drawRoutes,
    thresholdRoutes,
    unknownRoutes,
    mapRoutes,
    folderRoutes,
    duplicateRoutes,
    sorterRoutes,
    planRoutes,
    jobRoutes,
    settingsRoutes,
    statusRoutes,
    tryRoutes,
    tryFacesRoutes,
    healthRoutes,
  ])
    app.register(routes(web));
  app.register(apiRoutes(web), { prefix: '/api' });
  return app;
}
