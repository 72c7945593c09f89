import type { FastifyReply, FastifyRequest } from 'fastify';
import { CodedError } from '../../model/errors.ts';
import { cookieName } from '../security.ts';
import { sessionDays } from '../../sql/sessions.ts';
import type { Web } from '../shared.ts';
import { hashOfKey, newKey } from './keys.ts';
import { isPassword } from './password.ts';

/** The longest wait after many tries: an address that tries waits long; a name only so long that its owner comes in too. Seconds. */
const longestWait = { address: 900, name: 30 };
/** Each try takes some tenths of a second of a processor, and 32 MB: more than these are not even begun. */
const mostAtOnce = 8;

/** Logs people in by name and password, one after another. */
export function createLogIn(web: Pick<Web, 'access' | 'config'>) {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function check(password: string, kept: string | undefined): Promise<boolean> {
    if (waiting >= mostAtOnce) throw new CodedError('access.too-many-tries');
    waiting++;
    const mine = last.then(() => isPassword(password, kept));
    last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      waiting--;
    }
  }

  /** Throws access.wrong-password, and access.too-many-tries, with how long to wait. */
  return async (request: FastifyRequest, reply: FastifyReply, name: string, password: string): Promise<void> => {
    const { access } = web;
    const keys = [
      { key: `address ${networkOf(request.ip)}`, limit: longestWait.address },
      { key: `name ${name.toLowerCase()}`, limit: longestWait.name },
    ];
    const wait = await access.takeTry(keys);
    if (wait > 0) {
      reply.header('retry-after', wait);
      throw new CodedError('access.too-many-tries', `There were too many tries. Try again in ${wait} seconds.`);
    }
    const account = await access.findAccount(name);
    const entry = { who: name, address: request.ip, details: {} };
    if (!(await check(password, account?.password)) || !account) {
      await access.writeAudit({ ...entry, what: 'login refused' });
      throw new CodedError('access.wrong-password');
    }
    await access.forgetTries(keys.map(({ key }) => key));
    await beginSession(web, request, reply, account.id);
    await access.writeAudit({ ...entry, who: account.name, what: 'logged in' });
  };
}

/** Lets a browser in from now on. */
export async function beginSession(
  { access, config }: Pick<Web, 'access' | 'config'>,
  request: FastifyRequest,
  reply: FastifyReply,
  account: number,
): Promise<void> {
  const key = newKey();
  const agent = (request.headers['user-agent'] ?? '').slice(0, 200);
  await access.addSession({ hash: hashOfKey(key), account, address: request.ip, agent });
  reply.setCookie(cookieName(config), key, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: request.protocol === 'https',
    maxAge: sessionDays.most * 86_400,
  });
}

/** One machine may have many IPv6 addresses: those of its network count as one. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [left = '', right] = address.split('::');
  const groups = left.split(':');
  const missing = right === undefined ? 0 : 8 - groups.length - right.split(':').length;
  return [...groups, ...Array<string>(Math.max(0, missing)).fill('0')].slice(0, 4).join(':');
}
