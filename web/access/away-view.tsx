import { awayWords, Later } from '../error-view.tsx';
import { Outside } from './outside.tsx';

/**
 * For those of whom nobody can say who they are while the database is away. `retry`: the page they asked for, which is
 * asked for again; null where that would not be what they did.
 */
export const AwayPage = ({ code, retry }: { code: string; retry: string | null }) => (
  <Outside title="Not there yet" looksAgain={retry !== null}>
    <main id="main" class="page login">
      {retry === null ? (
        <section class="plain">
          <h1>{awayWords(code)}</h1>
          <p class="lead">Nothing was done. Try again when it answers.</p>
        </section>
      ) : (
        <Later code={code} url={retry} />
      )}
    </main>
  </Outside>
);
