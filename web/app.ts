import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import {
  TypeBoxValidatorCompiler,
  type FastifyPluginAsyncTypebox,
  type TypeBoxTypeProvider,
} from '@fastify/type-provider-typebox';
import fastify, { LogController, type FastifyInstance } from 'fastify';
import type { Database } from '../sql/database.ts';
import { accessApi } from './access/api-routes.ts';
import { keepAudit } from './access/audit.ts';
import { guardDoor } from './access/door.ts';
import { createIdentifier } from './access/identify.ts';
import { loginRoutes } from './access/login-routes.ts';
import { accessRoutes } from './access/routes.ts';
import { createAccessStore } from './access/store.ts';
import { healthRoutes } from './api/health-routes.ts';
import { metricsRoutes } from './api/metrics-routes.ts';
import { apiRoutes } from './api/routes.ts';
import { assetRoutes } from './assets.ts';
import type { WebDeps } from './deps.ts';
import type { Web } from './shared.ts';
import { handleErrors } from './errors.ts';
import { duplicateRoutes } from './duplicates/routes.ts';
import { drawRoutes } from './faces/draw-routes.ts';
import { faceRoutes } from './faces/routes.ts';
import { folderRoutes } from './folders/routes.ts';
import { askedTogether } from './jobs/asked-together.ts';
import { jobRoutes } from './jobs/routes.ts';
import { createPage } from './layout.tsx';
import { createLibrary } from './library.ts';
import { createLive } from './live.ts';
import { mapRoutes } from './map/routes.ts';
import { answerTogether } from './one-answer.ts';
import { peopleRoutes } from './people/routes.ts';
import { regionRoutes } from './people/region-routes.ts';
import { splitRoutes } from './people/split-routes.ts';
import { thresholdRoutes } from './people/thresholds-routes.ts';
import { unknownRoutes } from './people/unknown-routes.ts';
import { uploadRoutes } from './people/upload-routes.ts';
import { photoRoutes } from './photos/routes.ts';
import { scanRoutes } from './scans/routes.ts';
import { limitRequests } from './slow-requests.ts';
import { cookieName, isReachedFromHereOnly, secure } from './security.ts';
import { planRoutes } from './sorter/plan-routes.ts';
import { sorterRoutes } from './sorter/routes.ts';
import { settingsRoutes } from './settings/routes.ts';
import { createSituation } from './situation.ts';
import { statusRoutes } from './status/routes.ts';
import { topFragments } from './top.tsx';
import { workerThumbRoutes } from './worker/thumb-routes.ts';
import { tryRoutes } from './try/routes.ts';
import { tryFacesRoutes } from './try-faces/routes.tsx';

/** The pages and the JSON API over a database; not listening yet. */
export const createApp = ({ sql, ...deps }: Omit<WebDeps, 'library' | 'access'> & { sql: Database }): FastifyInstance =>
  buildApp({ ...deps, library: createLibrary(sql, deps.config.pathMap), access: createAccessStore(sql) });

/** The same over any library. */
export function buildApp(deps: WebDeps): FastifyInstance {
  const app = fastify({
    ...(deps.log
      ? { loggerInstance: deps.log, logController: new LogController({ disableRequestLogging: true }) }
      : { logger: { level: 'warn' } }),
    routerOptions: { maxParamLength: 500 },
    bodyLimit: 1024 * 1024,
    trustProxy: deps.config.trustedProxies,
    ...patience,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  deps.traceRequests?.(app);
  secure(app, deps.config);
  app.register(cookie);
  app.register(formbody);
  const identifier = createIdentifier(deps.access, cookieName(deps.config), isReachedFromHereOnly(deps.config));
  guardDoor(app, identifier);
  limitRequests(app, 300_000);
  keepAudit(app, deps.access);
  answerTogether(app);

  const jobs = askedTogether(deps.jobs);
  const situation = createSituation({ ...deps, jobs });
  const web: Web = {
    ...deps,
    jobs,
    situation,
    page: createPage(situation),
    live: createLive(app, situation, topFragments, identifier.identify),
  };
  // Every page says how things stand: asked while the page asks for its own part, so that no one waits for both.
  app.addHook('onRequest', async (request) => {
    if (request.visitor && request.method === 'GET' && request.headers.accept?.includes('text/html'))
      void situation.read();
  });
  // Whoever changed something is not shown what was before.
  app.addHook('onSend', async (request) => {
    if (!['GET', 'HEAD'].includes(request.method)) situation.stale();
  });
  handleErrors(app, web);
  assetRoutes(app);
  app.register(loginRoutes(web, identifier));
  for (const routes of [
    photoRoutes,
    faceRoutes,
    peopleRoutes,
    scanRoutes,
    drawRoutes,
    thresholdRoutes,
    unknownRoutes,
    mapRoutes,
    folderRoutes,
    duplicateRoutes,
    jobRoutes,
    settingsRoutes,
    statusRoutes,
    healthRoutes,
    workerThumbRoutes,
  ])
    app.register(routes(web));
  for (const routes of [sorterRoutes, planRoutes, uploadRoutes, splitRoutes, regionRoutes, tryRoutes, tryFacesRoutes])
    app.register(whoMayRun(routes(web)));
  app.register(accessRoutes(web, identifier));
  app.register(metricsRoutes(app, web));
  app.register(apiRoutes(web), { prefix: '/api' });
  app.register(accessApi(web, identifier), { prefix: '/api' });
  return app;
}

/** Who takes too long to say what they want is not waited for: they would hold a connection for nothing. Milliseconds. */
const patience = {
  connectionTimeout: 120_000,
  keepAliveTimeout: 30_000,
  http: { headersTimeout: 10_000, connectionsCheckingInterval: 2_000 },
};

/** Pages that are about changing something: who may not, does not get them. */
const whoMayRun =
  (routes: FastifyPluginAsyncTypebox): FastifyPluginAsyncTypebox =>
  async (app, options) => {
    app.addHook('onRoute', (route) => {
      route.config = { right: 'run', ...route.config };
    });
    await routes(app, options);
  };
