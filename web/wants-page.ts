import type { FastifyRequest } from 'fastify';
import { isApi } from './is-api.ts';

/** Whether a part of a page is asked for, by the page itself. */
export const wantsPart = ({ headers }: FastifyRequest): boolean => headers['hx-request'] !== undefined;

/** Whether a person's browser asks, for a page or a part of one. */
export const wantsPage = (request: FastifyRequest): boolean =>
  !isApi(request) && (wantsPart(request) || request.headers.accept?.includes('text/html') === true);
