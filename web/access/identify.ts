import type { FastifyRequest } from 'fastify';
import { rightsOfRole } from '../../model/access.ts';
import { CodedError } from '../../model/errors.ts';
import { formTokenOf, hashOfKey } from './keys.ts';
import type { AccessStore } from './store.ts';
import { anybodyHere, nobodyYet, type Visitor } from './visitor.ts';

/** What was found out about a key counts so long, for a page asks for many things at once; milliseconds. */
const freshMs = 1000;
/** When a key was used last is noted to within some minutes; milliseconds. */
const notedMs = 120_000;
/** While the database is away, who was let in before may go on to see what can be seen then. */
const withoutDatabaseMs = 600_000;
const mostKept = 2000;

type Answer = Awaited<ReturnType<AccessStore['readKey']>>;

export interface Identifier {
  /** Who asks; null: nobody that is known. Throws database.unavailable where that can't be told. */
  identify: (request: FastifyRequest) => Promise<Visitor | null>;
  /** Who may come in was changed: ask anew. */
  forget: () => void;
}

/** Tells who asks, by the cookie of a session or the token of a script. `here`: only this machine is answered. */
export function createIdentifier(
  access: Pick<AccessStore, 'readKey' | 'noteUse'>,
  cookie: string,
  here: boolean,
): Identifier {
  const kept = new Map<string, { answer: Promise<Answer>; at: number }>();
  /** When the use of which was noted. */
  const noted = new Map<string, number>();
  let known: { accounts: boolean } | null = null;

  function read(key: string): Promise<Answer> {
    const before = kept.get(key);
    const age = before ? performance.now() - before.at : Infinity;
    if (before && age < freshMs) return before.answer;
    if (kept.size >= mostKept) kept.clear();
    const answer = access.readKey(key === '' ? null : hashOfKey(key)).then(
      (found) => {
        known = found;
        return found;
      },
      (error: unknown) => {
        kept.delete(key);
        if (before && age < withoutDatabaseMs && isAway(error)) {
          kept.set(key, before);
          return before.answer;
        }
        throw error;
      },
    );
    kept.set(key, { answer, at: performance.now() });
    return answer;
  }

  async function identify(request: FastifyRequest): Promise<Visitor | null> {
    const bearer = /^Bearer ([\w-]{1,100})$/i.exec(request.headers.authorization ?? '')?.[1];
    const key = bearer ?? request.cookies[cookie] ?? '';
    let found: Answer;
    try {
      found = await read(key);
    } catch (error) {
      if (here && known?.accounts !== true && isAway(error)) return nobodyYet;
      throw error;
    }
    if (bearer !== undefined && found.token) {
      note(request, { token: found.token.id });
      return { who: `token ${found.token.name}`, rights: found.token.scopes, formToken: null, session: null };
    }
    if (bearer === undefined && found.session) {
      const { id, account, name, role } = found.session;
      note(request, { session: id });
      return { who: name, rights: rightsOfRole[role], formToken: formTokenOf(key), session: { id, account } };
    }
    return here && !found.accounts ? anybodyHere : null;
  }

  function note(request: FastifyRequest, used: Parameters<AccessStore['noteUse']>[0]): void {
    const name = JSON.stringify(used);
    const now = performance.now();
    if (now - (noted.get(name) ?? -Infinity) < notedMs) return;
    if (noted.size >= mostKept) noted.clear();
    noted.set(name, now);
    access.noteUse(used).catch((error: unknown) => {
      noted.delete(name);
      request.log.warn(error, 'the use of a session was not noted');
    });
  }

  return {
    identify,
    forget: () => kept.clear(),
  };
}

const isAway = (error: unknown): boolean => error instanceof CodedError && error.code === 'database.unavailable';
