import { Outside } from './outside.tsx';

interface LoginPageProps {
  back: string;
  /** The name that was tried, and what speaks against it. */
  name: string;
  problem: string | null;
}

/** The one page for those who are not let in: it tells nothing of the house. */
export const LoginPage = ({ back, name, problem }: LoginPageProps) => (
  <Outside title="Log in">
    <main class="page login">
      <h1>Photo Assistant</h1>
      {problem !== null && (
        <p class="failure" role="alert">
          {problem}
        </p>
      )}
      <form method="post" action="/login" class="card stack">
        <input type="hidden" name="back" value={back} />
        <div class="field">
          <label for="name">Name</label>
          <input id="name" name="name" value={name} required maxLength={60} autocomplete="username" autofocus />
        </div>
        <div class="field">
          <label for="password">Password</label>
          <input
            id="password"
            name="password"
            type="password"
            required
            maxLength={200}
            autocomplete="current-password"
          />
        </div>
        <button class="primary">Log in</button>
      </form>
    </main>
  </Outside>
);
