import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { CodedError } from '../model/errors.ts';
import { fromText } from '../model/names.ts';
import { temporaryDir } from '../tests/support/house.ts';
import { picturesInFolder } from './folder.ts';

const dir = temporaryDir({ after });
for (const name of ['Cam', 'Zoë <b>', '.hidden', 'Cam/deeper', 'empty']) mkdirSync(path.join(dir, name));
for (const name of [
  'Cam/b.jpg',
  'Cam/a.heic',
  'Cam/.c.jpg',
  'Cam/deeper/d.jpg',
  'Zoë <b>/e.png',
  '.hidden/f.jpg',
  'top.jpg',
]) {
  writeFileSync(path.join(dir, name), '');
}
writeFileSync(Buffer.concat([Buffer.from(`${dir}/Cam/`), Buffer.from([0xff, 0x0a])]), '');
symlinkSync(path.join(dir, 'top.jpg'), path.join(dir, 'Cam/link.jpg'));
symlinkSync(path.join(dir, 'nowhere'), path.join(dir, 'Cam/broken.jpg'));

const found = async (where: string, byFolder: boolean, most = 500) => {
  const { sources, left } = await picturesInFolder(fromText(where), { byFolder, most });
  return { files: sources.map(({ name, who }) => (who === null ? name : `${who}: ${name}`)), left };
};

test('the files of a folder, and of folders named like persons', async () => {
  assert.deepEqual(await found(path.join(dir, 'Cam'), false), {
    files: ['a.heic', 'b.jpg', 'link.jpg', '\\xff\\x0a'],
    left: 0,
  });
  assert.deepEqual(await found(dir, false), { files: ['top.jpg'], left: 0 });
  assert.deepEqual((await found(dir, true)).files, [
    ...['Cam: a.heic', 'Cam: b.jpg', 'Cam: link.jpg', 'Cam: \\xff\\x0a'],
    'Zoë <b>: e.png',
  ]);
  assert.deepEqual(await found(dir, true, 2), { files: ['Cam: a.heic', 'Cam: b.jpg'], left: 3 });
});

test('what is no folder is told', async () => {
  const coded = (code: string) => (error: unknown) => error instanceof CodedError && error.code === code;
  await assert.rejects(found(path.join(dir, 'nothing'), false), coded('root.missing'));
  await assert.rejects(found(path.join(dir, 'top.jpg'), false), coded('root.not-directory'));
  for (const bad of ['relative', '', `${dir}/Cam\0`]) await assert.rejects(found(bad, true), coded('root.missing'));
});
