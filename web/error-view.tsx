import type { ErrorReport } from '../model/errors.ts';
import { Form } from './form.tsx';

export interface ErrorPageProps {
  report: ErrorReport;
  status: number;
  /** The button that was pressed, to press it again. */
  resend: { action: string; fields: [string, string][] } | null;
  /** The page that was asked for, to be asked for again by itself. */
  retry: string | null;
}

/** Which server does not answer, as a heading. */
export const awayWords = (code: string): string =>
  code === 'database.unavailable' ? 'The database does not answer' : 'The job server does not answer';

function heading(status: number, code: string): string {
  if (code === 'temporal.unavailable' || code === 'job.not-begun' || code === 'database.unavailable')
    return awayWords(code);
  if (status === 404) return 'Not here';
  if (status === 403) return 'Refused';
  if (status === 400 || status === 422) return 'That did not fit';
  if (status === 409) return 'That can’t be done now';
  return 'Something unexpected went wrong';
}

/** What stands in a page's place until the servers answer; the top of the page tells what they do. */
export const Later = ({ code, url }: { code: string; url: string }) => (
  <section class="plain" hx-get={url} hx-trigger="every 3s" hx-select="#main" hx-target="#main" hx-swap="outerHTML">
    <h1 class="sr">Not there yet</h1>
    <p class="empty">{awayWords(code)}. This page appears here by itself as soon as it does.</p>
  </section>
);

/** Says what happened and what can be done, in a few calm words. */
export function ErrorPage({ report, status, resend, retry }: ErrorPageProps) {
  if (retry !== null) return <Later code={report.code} url={retry} />;
  return (
    <section class="plain">
      <h1>{heading(status, report.code)}</h1>
      <p class="lead">{report.message}</p>
      {resend && (
        <Form action={resend.action} class="stack">
          <p>
            {report.code === 'job.not-begun'
              ? 'It was noted, but not begun. Your click is kept: begin it when it answers.'
              : 'Nothing was started. Your click is kept: try again when it answers.'}
          </p>
          {resend.fields.map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <p>
            <button class="primary">Try again</button>
          </p>
        </Form>
      )}
      {!resend && (
        <p>
          <a href="/">Back to your photos</a>
        </p>
      )}
      <p class="quiet">
        <code>{report.code}</code>
      </p>
    </section>
  );
}
