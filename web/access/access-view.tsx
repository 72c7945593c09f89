import type { Account, ApiToken, Session } from '../../model/access.ts';
import { Form } from '../form.tsx';
import { Ago, Empty, Name } from '../parts.tsx';

interface AccessPageProps {
  accounts: Account[];
  sessions: Session[];
  tokens: ApiToken[];
  /** The session of the one who looks. */
  own: { id: number; account: number } | null;
  /** Only this machine is answered. */
  onlyHere: boolean;
  /** Why something was not done. */
  problem?: string;
  /** One that was just made. */
  token?: string;
}

const here = '/settings/access';

/** Who may come in, where they are logged in, and the tokens of scripts. */
export function AccessPage({ accounts, sessions, tokens, own, onlyHere, problem, token }: AccessPageProps) {
  return (
    <div class="page narrow access">
      <p>
        <a href="/settings">Settings</a>
      </p>
      <h1>Who may come in</h1>
      {problem !== undefined && (
        <p class="failure" role="alert">
          {problem}
        </p>
      )}
      {token !== undefined && (
        <div class="notice" role="status">
          <p>The new token. It is shown this once; only what it can be known again by is kept.</p>
          <p>
            <code class="secret">{token}</code>
          </p>
        </div>
      )}
      {accounts.length === 0 ? <FirstAccount onlyHere={onlyHere} /> : <Accounts accounts={accounts} />}
      {accounts.length > 0 && <Sessions sessions={sessions} own={own} />}
      <Tokens tokens={tokens} />
      <p>
        <a href="/settings/audit">What was done, and by whom</a>
      </p>
    </div>
  );
}

const FirstAccount = ({ onlyHere }: { onlyHere: boolean }) => (
  <section class="stack">
    <p>
      {onlyHere
        ? 'Nobody needs a password now: only programs and people on this machine reach the page. With a password, everybody has to log in, here too.'
        : 'Nobody has set a password yet.'}
    </p>
    <Form action={`${here}/accounts`} right="own" class="card stack">
      <h2>Set a password</h2>
      <input type="hidden" name="role" value="owner" />
      <NameField label="Your name" value="owner" />
      <PasswordField id="first-password" label="Password" />
      <button class="primary">Set the password</button>
    </Form>
  </section>
);

const Accounts = ({ accounts }: { accounts: Account[] }) => (
  <section class="stack">
    <h2>Accounts</h2>
    <ul class="rows">
      {accounts.map(({ id, name, role }) => (
        <li class="card stack">
          <p>
            <strong>
              <Name>{name}</Name>
            </strong>{' '}
            <span class="quiet">{roleWords[role]}</span>
          </p>
          <details>
            <summary>Change</summary>
            <Form action={`${here}/accounts/${id}/password`} right="own" class="stack">
              <PasswordField id={`password-${id}`} label="New password" />
              <p class="quiet">It logs this account out everywhere else.</p>
              <button>Change the password</button>
            </Form>
            <Form action={`${here}/accounts/${id}/remove`} right="own" class="inline">
              <button class="danger">Remove the account</button>
            </Form>
          </details>
        </li>
      ))}
    </ul>
    <Form action={`${here}/accounts`} right="own" class="card stack">
      <h3>Add somebody</h3>
      <NameField label="Name" value="" />
      <div class="field">
        <label for="role">What they may do</label>
        <select id="role" name="role">
          <option value="viewer">{roleWords.viewer}</option>
          <option value="owner">{roleWords.owner}</option>
        </select>
      </div>
      <PasswordField id="new-password" label="Password" />
      <button>Add</button>
    </Form>
  </section>
);

const Sessions = ({ sessions, own }: Pick<AccessPageProps, 'sessions' | 'own'>) => (
  <section class="stack">
    <h2>Logged in</h2>
    <ul class="rows">
      {sessions.map(({ id, account, address, agent, seenAt, createdAt }) => (
        <li class="card stack">
          <p>
            <Name>{account}</Name> from {address}
            {id === own?.id && ' · this browser'}
          </p>
          <p class="quiet">
            <Name>{agent === '' ? 'a browser that does not say which' : agent}</Name>
          </p>
          <p class="quiet">
            since <Ago at={createdAt} /> · last seen <Ago at={seenAt} />
          </p>
          <Form action={`${here}/sessions/${id}/end`} right="own" class="inline">
            <button aria-label={`Log out ${account} from ${address}`}>Log out</button>
          </Form>
        </li>
      ))}
    </ul>
  </section>
);

const Tokens = ({ tokens }: { tokens: ApiToken[] }) => (
  <section class="stack">
    <h2>Tokens for scripts</h2>
    {tokens.length === 0 && <Empty>A script shows a token as “Authorization: Bearer …”. There is none yet.</Empty>}
    <ul class="rows">
      {tokens.map(({ id, name, scopes, usedAt }) => (
        <li class="card stack">
          <p>
            <strong>
              <Name>{name}</Name>
            </strong>{' '}
            <span class="quiet">
              may {scopes.map((scope) => scopeWords[scope]).join(', ')} ·{' '}
              {usedAt === null ? (
                'never used'
              ) : (
                <>
                  last used <Ago at={usedAt} />
                </>
              )}
            </span>
          </p>
          <Form action={`${here}/tokens/${id}/remove`} right="own" class="inline">
            <button class="danger" aria-label={`Remove the token ${name}`}>
              Remove
            </button>
          </Form>
        </li>
      ))}
    </ul>
    <Form action={`${here}/tokens`} right="own" class="card stack">
      <h3>Make a token</h3>
      <NameField label="What it is for" value="" id="token-name" />
      <fieldset>
        <legend>What it may do</legend>
        {(['read', 'run', 'move'] as const).map((scope) => (
          <label class="check">
            <input type="checkbox" name="scopes" value={scope} checked={scope === 'read'} /> {scopeWords[scope]}
          </label>
        ))}
      </fieldset>
      <button>Make it</button>
    </Form>
  </section>
);

const roleWords = { owner: 'owner: may do all', viewer: 'viewer: sees pictures, starts nothing' };

const scopeWords = {
  read: 'see pictures, jobs and numbers',
  run: 'start jobs, name faces, make plans',
  move: 'approve plans and what jobs ask',
};

const NameField = ({ label, value, id = 'account-name' }: { label: string; value: string; id?: string }) => (
  <div class="field">
    <label for={id}>{label}</label>
    <input id={id} name="name" value={value} required maxLength={60} autocomplete="off" />
  </div>
);

const PasswordField = ({ id, label }: { id: string; label: string }) => (
  <div class="field">
    <label for={id}>{label}</label>
    <input
      id={id}
      name="password"
      type="password"
      required
      minLength={8}
      maxLength={200}
      autocomplete="new-password"
      aria-describedby={`${id}-hint`}
    />
    <p class="quiet" id={`${id}-hint`}>
      At least 8 characters.
    </p>
  </div>
);
