import fastify from 'fastify';

// What the pages are compared with: a server that does nothing but answer.
const app = fastify();
app.get('/', async (_request, reply) => await reply.type('text/html; charset=utf-8').send('<!doctype html><p>Hello'));
console.log(await app.listen({ port: 0, host: '127.0.0.1' }));
process.once('SIGTERM', () => void app.close());
