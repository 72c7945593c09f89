import assert from 'node:assert/strict';
import net from 'node:net';
import { test, type TestContext } from 'node:test';
import multipart from '@fastify/multipart';
import fastify from 'fastify';
import { anybodyHere } from './access/visitor.ts';
import { limitRequests } from './slow-requests.ts';

/** Begins to send something that is never all of it, byte by byte. */
function drip(t: TestContext, port: number, type: string, headers = ''): net.Socket {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`POST / HTTP/1.1\r\nhost: here\r\ncontent-type: ${type}\r\ncontent-length: 100000\r\n${headers}\r\n`);
  const timer = setInterval(() => socket.write('-'), 20);
  const stop = () => clearInterval(timer);
  socket.on('close', stop);
  t.after(() => {
    stop();
    socket.destroy();
  });
  return socket;
}

const closed = (socket: net.Socket) => new Promise((resolve) => socket.once('close', resolve));

test('what does not come in is not waited for, but an upload of somebody who was let in while its bytes flow', async (t) => {
  const app = fastify({ forceCloseConnections: true });
  t.after(() => app.close());
  app.decorateRequest('visitor', null);
  app.addHook('onRequest', async (request) => {
    request.visitor = request.headers.stranger === undefined ? anybodyHere : null;
  });
  limitRequests(app, 300);
  app.register(multipart);
  app.post('/', async () => 'all of it');
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));

  const upload = drip(t, Number(port), 'multipart/form-data; boundary=x');
  await closed(drip(t, Number(port), 'application/json'));
  await closed(drip(t, Number(port), 'multipart/form-data; boundary=x', 'stranger: 1\r\n'));
  assert.equal(upload.destroyed, false);

  const whole = await fetch(`http://127.0.0.1:${port}`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
  assert.equal(await whole.text(), 'all of it');
});
