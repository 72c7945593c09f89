import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import type { Web } from '../shared.ts';
import { sendTest } from '../settings/test-notification.ts';
import { refused } from './schema.ts';

/** For the owner: a test of where notifications go. */
export const notificationApi =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/notifications/test',
      {
        config: { right: 'own' },
        schema: {
          summary: 'Send a test to the address for notifications; an error tells why it was not taken',
          response: { 200: Type.Object({ sent: Type.Boolean() }), ...refused },
        },
      },
      async () => {
        await sendTest(web);
        return { sent: true };
      },
    );
  };
