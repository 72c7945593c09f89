import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { existsSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { pageAddress, projectDir, readConfig } from './config.ts';
import { CodedError } from './model/errors.ts';
import { temporaryDir } from './tests/support/house.ts';

const invalid =
  (...words: string[]) =>
  (error: unknown) =>
    error instanceof CodedError &&
    error.code === 'config.invalid' &&
    words.every((word) => error.message.includes(word));

test('an empty environment gives the documented defaults', () => {
  const config = readConfig({ HOME: '/home/ada', XDG_DATA_HOME: '/srv/xdg' });
  assert.equal(config.port, 4800);
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.temporalNamespace, 'photo-assistant');
  assert.equal(config.databaseUrl, undefined);
  assert.equal(config.temporalAddress, undefined);
  if (process.platform !== 'darwin') assert.equal(config.dataDir, '/srv/xdg/photo-assistant');
  assert.equal(config.houseFile, path.join(config.dataDir, 'house.json'));
});

test(
  'without XDG_DATA_HOME, or with a relative one, the data lives below the home directory',
  { skip: process.platform === 'darwin' },
  () => {
    for (const env of [{ HOME: '/home/ada' }, { HOME: '/home/ada', XDG_DATA_HOME: 'here' }]) {
      assert.equal(readConfig(env).dataDir, '/home/ada/.local/share/photo-assistant');
    }
  },
);

test('a relative data folder is taken from where the user called npm', () => {
  assert.equal(readConfig({ PHOTO_ASSISTANT_DATA: 'data', INIT_CWD: '/home/ada' }).dataDir, '/home/ada/data');
});

test('an empty variable counts as not set', () => {
  const config = readConfig({
    PORT: '',
    HOST: ' ',
    DATABASE_URL: '',
    TEMPORAL_ADDRESS: '',
    PHOTO_ASSISTANT_DATA: '/d',
  });
  assert.deepEqual([config.port, config.host, config.databaseUrl], [4800, '127.0.0.1', undefined]);
});

test('a wrong value is refused with its variable, the value and what is accepted', () => {
  assert.throws(() => readConfig({ PORT: 'http' }), invalid('PORT', '"http"', '1 to 65535'));
  assert.throws(() => readConfig({ PORT: '65536' }), invalid('PORT', '65536'));
  assert.throws(() => readConfig({ PORT: '4800.5' }), invalid('PORT'));
  assert.throws(() => readConfig({ HOST: 'http://x' }), invalid('HOST', 'http://x'));
  assert.throws(() => readConfig({ DATABASE_URL: 'mysql://x' }), invalid('DATABASE_URL', 'mysql://x', 'postgres://'));
  assert.throws(
    () => readConfig({ TEMPORAL_ADDRESS: 'localhost' }),
    invalid('TEMPORAL_ADDRESS', 'localhost', 'host:port'),
  );
  assert.throws(() => readConfig({ TEMPORAL_NAMESPACE: 'a b' }), invalid('TEMPORAL_NAMESPACE', 'a b'));
});

test('a password in a refused address is not shown', () => {
  assert.throws(
    () => readConfig({ DATABASE_URL: 'mysql://ada:hush@host/db' }),
    (error: unknown) => invalid('mysql://ada:…@host/db')(error) && !String(error).includes('hush'),
  );
});

test('law: PORT is read as itself for every port, and refused for every other number', () => {
  fc.assert(
    fc.property(fc.integer({ min: -10, max: 200_000 }), (port) => {
      const read = () => readConfig({ PORT: String(port), HOME: '/h' }).port;
      if (port >= 1 && port <= 65535) assert.equal(read(), port);
      else assert.throws(read, invalid('PORT'));
    }),
  );
});

test('the address of the page is one a browser here can open', () => {
  assert.equal(pageAddress({ host: '0.0.0.0', port: 1 }), 'http://127.0.0.1:1');
  assert.equal(pageAddress({ host: '::', port: 1 }), 'http://127.0.0.1:1');
  assert.equal(pageAddress({ host: '::1', port: 1 }), 'http://[::1]:1');
  assert.equal(pageAddress({ host: 'nas.local', port: 1 }), 'http://nas.local:1');
});

test('configuration is frozen, and the project directory holds the package', () => {
  assert.ok(Object.isFrozen(readConfig({ HOME: '/h' })));
  assert.ok(existsSync(path.join(projectDir, 'package.json')));
});

test('secrets may be in files, and no message tells one', (t) => {
  const dir = temporaryDir(t);
  const file = (name: string, text: string) => {
    writeFileSync(path.join(dir, name), text);
    return path.join(dir, name);
  };
  const DATABASE_URL = 'postgres://photos@db/photos';
  const DATABASE_PASSWORD_FILE = file('password', ' p@ss:w/rd \n');
  const { databaseUrl } = readConfig({ DATABASE_URL, DATABASE_PASSWORD_FILE });
  assert.equal(decodeURIComponent(new URL(databaseUrl ?? '').password), 'p@ss:w/rd');
  assert.throws(() => readConfig({ DATABASE_PASSWORD_FILE }), invalid('DATABASE_URL is not'));
  assert.throws(
    () => readConfig({ DATABASE_URL, DATABASE_PASSWORD_FILE: path.join(dir, 'gone') }),
    invalid('DATABASE_PASSWORD_FILE', 'ENOENT'),
  );
  const token = 'x'.repeat(30);
  const withToken = {
    PHOTO_ASSISTANT_WEB: 'http://photos:4800/',
    PHOTO_ASSISTANT_WORKER_TOKEN_FILE: file('token', token),
  };
  assert.deepEqual(
    [readConfig(withToken).workerToken, readConfig(withToken).thumbsServer],
    [token, 'http://photos:4800'],
  );
  assert.throws(
    () => readConfig({ PHOTO_ASSISTANT_WEB: 'http://photos:4800' }),
    invalid('PHOTO_ASSISTANT_WORKER_TOKEN'),
  );
  for (const wrong of [
    { PHOTO_ASSISTANT_WORKER_TOKEN: 'secret' },
    { PHOTO_ASSISTANT_WORKER_TOKEN_FILE: file('short', 'secret') },
  ])
    assert.throws(
      () => readConfig(wrong),
      (error) => error instanceof CodedError && !error.message.includes('secret'),
    );
  assert.throws(
    () => readConfig({ PHOTO_ASSISTANT_PATH_MAP: 'photos' }),
    invalid('PHOTO_ASSISTANT_PATH_MAP', '/photos='),
  );
});
