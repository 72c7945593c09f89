import { rightsOfRole, type Right } from '../../model/access.ts';

/** Who asks for something, and what they may do. */
export interface Visitor {
  /** The account, the token, or that it is somebody at this machine. */
  who: string;
  rights: readonly Right[];
  /** What forms and requests that change something have to carry; null where no cookie lets anybody in. */
  formToken: string | null;
  session: { id: number; account: number } | null;
}

/** Whoever asks, where nobody has set a password and only this machine is answered. */
export const anybodyHere: Visitor = { who: 'this machine', rights: rightsOfRole.owner, formToken: null, session: null };

/** Whoever asks before it is known whether there is a password: what is shown is only that the servers are not there yet. */
export const nobodyYet: Visitor = { ...anybodyHere, rights: ['read'] };

/** The same answer can be given to two visitors who are alike in this. */
export const kindOf = ({ rights, formToken }: Visitor): string => `${rights.join()} ${formToken ?? ''}`;
