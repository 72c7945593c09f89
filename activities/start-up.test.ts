import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { readAudit, writeAudit } from '../sql/audit.ts';
import { readLog, writeLog } from '../sql/log.ts';
import { addNotification } from '../sql/notifications.ts';
import { readSettings, saveSettings } from '../sql/settings.ts';
import { quickDatabase } from '../tests/support/database.ts';
import { createStartUpActivities } from './start-up.ts';

const { sql, stop } = await quickDatabase();
after(stop);

test('what is older than it is kept goes, and nothing else', async () => {
  await saveSettings(sql, { ...(await readSettings(sql)), notifyUrl: 'http://127.0.0.1:1' });
  for (const which of ['old', 'new']) {
    await writeLog(sql, [{ job: 'scan/1', level: 'info', text: which }]);
    await addNotification(sql, { key: which, event: 'job failed', job: 'scan/1', message: '' });
    await writeAudit(sql, { who: 'owner', address: null, what: which, details: {} });
  }
  await sql`UPDATE log SET at = now() - interval '31 days' WHERE text = 'old'`;
  await sql`UPDATE notification SET at = now() - interval '31 days' WHERE key = 'old'`;
  await sql`UPDATE audit SET at = now() - interval '2 years 1 hour' WHERE what = 'old'`;
  await writeAudit(sql, { who: 'owner', address: null, what: 'last year', details: {} });
  await sql`UPDATE audit SET at = now() - interval '23 months' WHERE what = 'last year'`;
  await createStartUpActivities({ sql }).tidyLog();
  assert.deepEqual(
    (await readLog(sql, { job: 'scan/1', limit: 9 })).map(({ text }) => text),
    ['new'],
  );
  assert.deepEqual([...(await sql`SELECT key FROM notification`)], [{ key: 'new' }]);
  assert.deepEqual(
    (await readAudit(sql, { limit: 9 })).map(({ what }) => what),
    ['last year', 'new'],
  );
});
