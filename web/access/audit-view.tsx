import type { AuditEntry } from '../../model/access.ts';
import { Ago, Empty, Name } from '../parts.tsx';

/** What was done, by whom, and from where, the latest first. */
export const AuditPage = ({ entries, more }: { entries: AuditEntry[]; more: boolean }) => (
  <div class="page">
    <p>
      <a href="/settings">Settings</a> · <a href="/settings/access">Who may come in</a>
    </p>
    <h1>What was done</h1>
    {entries.length === 0 ? (
      <Empty>Who starts, approves or changes something is noted here.</Empty>
    ) : (
      <div class="wide-table" tabIndex={0} role="region" aria-label="What was done">
        <table class="changes">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
              <th scope="col">With</th>
            </tr>
          </thead>
          <tbody>
            {entries.map(({ at, who, address, what, details }) => (
              <tr>
                <td>
                  <Ago at={at} />
                </td>
                <td>
                  <Name>{who}</Name>
                  {address !== null && <span class="quiet"> {address}</span>}
                </td>
                <td>
                  <Name>{what}</Name>
                </td>
                <td>
                  {Object.entries(details).map(([name, value]) => (
                    <div>
                      <span class="quiet">{name}</span> <Name>{String(value)}</Name>
                    </div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
    {more && (
      <p>
        <a href={`/settings/audit?before=${entries.at(-1)?.id}`}>Earlier</a>
      </p>
    )}
  </div>
);
