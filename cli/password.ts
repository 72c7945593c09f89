import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { Writable } from 'node:stream';
import Value from 'typebox/value';
import { AccountName, Password, type Role } from '../model/access.ts';
import { CodedError } from '../model/errors.ts';
import { setPassword } from './access.ts';
import { noteCommand } from './note-command.ts';
import { withDatabase } from './with-database.ts';

/** `photo-assistant password`: sets the password of an account, which is made where there is none. */
export async function password({ name, role }: { name: string; role: Role }): Promise<void> {
  const given = process.stdin.isTTY ? await askTwice() : (await text(process.stdin)).replace(/\r?\n$/, '');
  if (!Value.Check(AccountName, name)) throw new CodedError('request.invalid', 'That can’t be the name of an account.');
  if (!Value.Check(Password, given)) throw new CodedError('request.invalid', 'A password has 8 to 200 characters.');
  await withDatabase(async (sql) => {
    await noteCommand(sql);
    await setPassword(sql, { name, role, password: given });
  });
  console.log(`The password of ${name} is set. Whoever was logged in with another one has to log in again.`);
}

/** Nothing of what is typed is shown. */
async function askTwice(): Promise<string> {
  const first = await askHidden('New password: ');
  if ((await askHidden('Once more: ')) !== first) throw new CodedError('request.invalid', 'The two are not the same.');
  return first;
}

async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  const stop = new AbortController();
  const canceled = once(lines, 'SIGINT', { signal: stop.signal }).then(
    () => process.exit(130),
    () => '',
  );
  try {
    return await Promise.race([lines.question(''), canceled]);
  } finally {
    stop.abort();
    lines.close();
    process.stderr.write('\n');
  }
}
