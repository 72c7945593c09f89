import type { ErrorReport } from '../model/errors.ts';

interface ErrorPageProps {
  report: ErrorReport;
  status: number;
  /** The button that was pressed, to press it again. */
  resend: { action: string; fields: [string, string][] } | null;
  /** The page that was asked for, to be asked for again by itself. */
  retry: string | null;
}

function heading(status: number, code: string): string {
  if (code === 'temporal.unavailable') return 'The job server does not answer';
  if (code === 'database.unavailable') return 'The database does not answer';
  if (status === 404) return 'Not here';
  if (status === 403) return 'Refused';
  if (status === 400 || status === 422) return 'That did not fit';
  if (status === 409) return 'That can’t be done now';
  return 'Something unexpected went wrong';
}

/** Says what happened and what can be done, in a few calm words. */
export function ErrorPage({ report, status, resend, retry }: ErrorPageProps) {
  const again = retry === null ? {} : { 'hx-get': retry, 'hx-trigger': 'every 3s', 'hx-select': '#main', 'hx-target': '#main', 'hx-swap': 'outerHTML' };
  return (
    <section class="plain" {...again}>
      <h1>{heading(status, report.code)}</h1>
      <p class="lead">{report.message}</p>
      {resend && (
        <form method="post" action={resend.action} class="stack">
          <p>Nothing was started. Your click is kept: try again when it answers.</p>
          {resend.fields.map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <p>
            <button class="primary">Try again</button>
          </p>
        </form>
      )}
      {retry !== null && <p class="quiet">This page tries again every few seconds and goes on by itself.</p>}
      {!resend && retry === null && (
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
