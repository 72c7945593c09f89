import type { FastifyRequest } from 'fastify';

/** Whether a program asks, which is answered as JSON, and not a person's browser for a page. */
export const isApi = ({ url }: FastifyRequest): boolean => /^\/(api|worker|healthz|readyz|metrics)\b/.test(url);
