import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseDown, openDatabase, type Queries } from '../sql/database.ts';
import { quickDatabase } from './support/database.ts';

const { url, stop } = await quickDatabase();
const sql = openDatabase(url, { max: 2 });
const other = openDatabase(url, { max: 1 });
after(async () => {
  await sql.end();
  await other.end();
  await stop();
});

await other`CREATE TABLE note (text text)`;

/** Ends the connection of a transaction, as a server that is restarted does. */
async function lose(tx: Queries): Promise<void> {
  const [row] = await tx<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
  await other`SELECT pg_terminate_backend(${row?.pid ?? 0})`;
}

const moments: Record<string, (tx: Queries) => Promise<unknown>> = {
  'between two queries': async (tx) => {
    await lose(tx);
    await sleep(100);
    await tx`INSERT INTO note VALUES ('after')`;
  },
  'during a query': async (tx) => {
    const [row] = await tx<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
    setTimeout(() => void other`SELECT pg_terminate_backend(${row?.pid ?? 0})`.then(() => undefined), 50);
    await tx`SELECT pg_sleep(10)`;
  },
  'before it is committed': async (tx) => {
    await lose(tx);
    await sleep(100);
  },
  'and its work goes on for long': async (tx) => {
    await lose(tx);
    for (let i = 0; i < 5; i++) {
      // The pool makes a new connection in place of the old one.
      await sql`SELECT 1`;
      await tx`INSERT INTO note VALUES ('after')`.catch(() => undefined);
    }
  },
  'while its work fails for a reason of its own': async (tx) => {
    await lose(tx);
    await sleep(100);
    throw new Error('of its own');
  },
};

for (const [moment, work] of Object.entries(moments)) {
  test(`a connection that is lost ${moment} fails its transaction, and nothing else`, async () => {
    const transaction = sql.begin(async (tx) => {
      await tx`INSERT INTO note VALUES ('before')`;
      await work(tx);
    });
    await assert.rejects(transaction, (error) => isDatabaseDown(error));
    // What ends the process does so some turns later.
    await sleep(100);
    // The driver tells the first query of a connection that was made anew what ended the last one before.
    await Promise.allSettled([sql`SELECT pg_sleep(0.1)`, sql`SELECT pg_sleep(0.1)`]);
    assert.deepEqual([...(await sql`SELECT text FROM note`)], []);
    await sql.begin(async (tx) => void (await tx`SELECT 1`));
  });
}

test('a transaction that fails for a reason of its own says so, and one that does not is kept', async () => {
  await assert.rejects(
    sql.begin(async (tx) => {
      await tx`INSERT INTO note VALUES ('not kept')`;
      throw new Error('of its own');
    }),
    /of its own/,
  );
  const length = await sql.begin('ISOLATION LEVEL REPEATABLE READ', async (tx) => {
    await tx`INSERT INTO note VALUES ('kept')`;
    return 4;
  });
  assert.equal(length, 4);
  assert.deepEqual([...(await sql`SELECT text FROM note`)], [{ text: 'kept' }]);
});
