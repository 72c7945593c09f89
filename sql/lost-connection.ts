import { setImmediate as nextTurn } from 'node:timers/promises';
import type postgres from 'postgres';

type Work<T> = (tx: postgres.TransactionSql) => T | Promise<T>;

/**
 * Has transactions of this pool end with their connection. The driver (postgres 3.4.9) rejects one whose connection is lost, but
 * lets what it was doing go on: its next query, its commit or its rollback is written to a socket that is no more, which
 * ends the process, or to the connection made in its place, where it is no transaction any more. Here the driver is told
 * nothing further of it, and its own work is told by an error at its next query.
 */
export function endWithConnection(sql: postgres.Sql): void {
  const begin = sql.begin.bind(sql);
  sql.begin = async <T>(first: string | Work<T>, second?: Work<T>) => {
    const [options, work] = typeof first === 'string' ? [first, second] : ['', first];
    if (!work) throw new TypeError('A transaction has work to do.');
    let lost: Error | undefined;
    try {
      return await begin(options, async (tx) => {
        try {
          const result = await work(whileThere(tx, () => lost));
          if (!lost) return result;
        } catch (error) {
          // A query is told of its connection's end before the transaction is.
          await nextTurn();
          if (!lost) throw error;
        }
        return await new Promise<never>(() => undefined);
      });
    } catch (error) {
      lost = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  };
}

/** The transaction as long as it has its connection. */
const whileThere = (tx: postgres.TransactionSql, lost: () => Error | undefined): postgres.TransactionSql => {
  const assertThere = () => {
    const error = lost();
    if (error) throw error;
  };
  return new Proxy(tx, {
    apply(target, self, args): unknown {
      assertThere();
      return Reflect.apply(target, self, args);
    },
    get(target, name): unknown {
      assertThere();
      return Reflect.get(target, name);
    },
  });
};
