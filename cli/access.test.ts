import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { addAccount, changePassword, findAccount, listAccounts, removeAccount } from '../sql/accounts.ts';
import { quickDatabase } from '../tests/support/database.ts';
import { hashPassword, isPassword } from '../web/access/password.ts';
import { ownerName, prepareAccess } from './access.ts';

const { sql, stop } = await quickDatabase();
after(stop);

const start = (password: string | undefined) =>
  prepareAccess(sql, { host: '0.0.0.0', publicUrl: undefined, trustedProxies: false, password });
const isOwners = async (password: string) => isPassword(password, (await findAccount(sql, ownerName))?.password);

test('the password of the environment is taken once, and again when it is another one', async () => {
  await assert.rejects(start(undefined), /nobody has set a password/);
  await start('of the environment');
  assert.ok(await isOwners('of the environment'));

  const owner = await findAccount(sql, ownerName);
  assert.ok(owner);
  await changePassword(sql, owner.id, await hashPassword('of the page'));
  await start('of the environment');
  assert.ok(await isOwners('of the page'), 'what was changed on the page stays');
  await start(undefined);
  assert.ok(await isOwners('of the page'));

  await start('a new one there');
  assert.ok(await isOwners('a new one there'));

  await addAccount(sql, { name: 'Ann', role: 'owner', password: await hashPassword('another one') });
  await removeAccount(sql, owner.id);
  await start('a new one there');
  assert.deepEqual(
    (await listAccounts(sql)).map(({ name }) => name),
    ['Ann'],
    'an account that was removed does not come back',
  );
});
