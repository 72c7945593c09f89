import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CodedError, errorCodes, reportOf, type ErrorCode, type ErrorReport } from '../model/errors.ts';
import { databaseError, isUnfitValue } from '../sql/database.ts';
import type { Web } from './shared.ts';
import { isApi } from './is-api.ts';
import { NotBegun } from './jobs/follow-up.ts';
import { AwayPage } from './access/away-view.tsx';
import { ErrorPage, type ErrorPageProps } from './error-view.tsx';
import { renderFor } from './form.tsx';
import { wantsPage } from './wants-page.ts';

const statuses: Partial<Record<ErrorCode, number>> = {
  'root.unknown': 404,
  'dir.unknown': 404,
  'file.unknown': 404,
  'face.unknown': 404,
  'person.unknown': 404,
  'person.name-taken': 409,
  'refimg.unknown': 404,
  'file.missing': 404,
  'file.unreadable': 404,
  'job.unknown': 404,
  'plan.unknown': 404,
  'plan.not-draft': 409,
  'plan.not-approved': 409,
  'pattern.invalid': 422,
  'request.not-found': 404,
  'request.invalid': 400,
  'request.cross-site': 403,
  'access.login-needed': 401,
  'access.wrong-password': 401,
  'access.not-allowed': 403,
  'access.stale-form': 403,
  'access.too-many-tries': 429,
  'account.unknown': 404,
  'account.name-taken': 409,
  'account.last-owner': 409,
  'setting.invalid': 422,
  'setting.path-refused': 422,
  'job.not-running': 409,
  'job.not-asking': 409,
  'job.not-begun': 503,
  'notify.off': 409,
  'notify.failed': 502,
  'temporal.unavailable': 503,
  'database.unavailable': 503,
};

/** The status code and the report for any thrown value. What is not coded is told as `internal`, without its text. */
function toReply(thrown: FastifyError | Error): { status: number; report: ErrorReport } {
  const error = databaseError(thrown);
  if (error instanceof CodedError) return { status: statuses[error.code] ?? 500, report: reportOf(error) };
  if (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    error.statusCode >= 400 &&
    error.statusCode < 500
  ) {
    return { status: error.statusCode, report: { code: 'request.invalid', message: error.message } };
  }
  // What is asked of the tables comes from requests: their schemas do not tell all that can be wrong with a value.
  if (isUnfitValue(error))
    return { status: 400, report: { code: 'request.invalid', message: 'The request holds a value that cannot be.' } };
  return { status: 500, report: reportOf(new CodedError('internal')) };
}

/** Errors as `{error: {code, message}}` for programs, as a calm page for people; never with a stack. */
export function handleErrors(app: FastifyInstance, web: Web): void {
  app.setErrorHandler(async (error: FastifyError | Error, request, reply) => {
    const { status, report } = toReply(error);
    if (status >= 500 && status !== 503) request.log.error(error);
    return await sendError(web, request, reply, { status, report, resend: resendOf(request, error) });
  });
  app.setNotFoundHandler(async (request, reply) => {
    const report = reportOf(new CodedError('request.not-found'));
    return await sendError(web, request, reply, { status: 404, report, resend: null });
  });
}

async function sendError(
  web: Web,
  request: FastifyRequest,
  reply: FastifyReply,
  { status, report, resend }: Omit<ErrorPageProps, 'retry'>,
) {
  const retry = status === 503 && request.method === 'GET' ? request.url : null;
  const isAway = status === 503 && wantsPage(request);
  // Who is not let in does not get a page, which would tell what goes on, nor where the servers are.
  if (isApi(request) || !(request.visitor || isAway))
    return await reply
      .code(status)
      .type('application/json; charset=utf-8')
      .send({ error: request.visitor || status < 500 ? report : { ...report, message: errorCodes[report.code] } });
  // Where a part of a page was asked for, the error takes the place of the page's main part.
  reply.header('hx-retarget', '#main').header('hx-reselect', '#main').header('hx-reswap', 'outerHTML');
  if (!request.visitor)
    return await reply
      .code(status)
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(`<!doctype html>${renderFor(null, AwayPage({ code: report.code, retry }))}`);
  return await web.page(
    reply,
    { title: 'Something is not right', section: null, status, reloads: retry !== null },
    ErrorPage({ report, status, resend: status === 503 ? resend : null, retry }),
  );
}

/** The button that was pressed; where it did its work but for a job, one that begins this. */
function resendOf({ method, url, body }: FastifyRequest, error: Error): ErrorPageProps['resend'] {
  if (method !== 'POST') return null;
  if (!(error instanceof NotBegun) || error.job === null) return { action: url, fields: fieldsOf(body) };
  const wanted = Object.entries(error.job).filter(([, value]) => value !== false);
  return {
    action: '/jobs/start',
    fields: wanted.map(([name, value]) => [name, value === true ? 'on' : String(value)]),
  };
}

/** A form's fields as they were sent, to send them again. */
function fieldsOf(body: unknown): [string, string][] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([name, value]) =>
    [value].flat().flatMap((one): [string, string][] => (typeof one === 'string' ? [[name, one]] : [])),
  );
}
