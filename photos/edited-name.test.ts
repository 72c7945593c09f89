import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { originalName } from './edited-name.ts';

test('names of edited versions tell the name of the original', () => {
  const originals: [edited: string, original: string, version?: number][] = [
    ...[['img_e1234', 'img_1234'] as [string, string], ['img_e1234(1)', 'img_1234(1)'] as [string, string]],
    ...['edited', 'edit', 'bearbeitet', 'modifié', 'editado', 'modificato', 'bewerkt', 'edytowane', '編集済み'].map(
      (mark): [string, string] => [`x-${mark}`, 'x'],
    ),
    ['x-edited(12)', 'x(12)'],
    ['x-edited-edited', 'x-edited'],
    ['x~2', 'x', 2],
    ['x~13', 'x', 13],
    ['x~2~3', 'x~2', 3],
    ['img_e1234[2]', 'img_1234[2]'],
    ['x-edited[2]', 'x[2]'],
    ['x~3[2]', 'x[2]', 3],
    ['x~3(1)', 'x(1)', 3],
  ];
  for (const [edited, stem, version = 1] of originals)
    assert.deepEqual(originalName(edited), { stem, version }, edited);
});

test('other names are not those of edited versions', () => {
  for (const name of ['', 'x', 'img_1234', 'img_e', 'img_east', '-edited', '-edited(1)', 'edited', 'x-editing']) {
    assert.equal(originalName(name), null, name);
  }
  for (const name of ['~2', 'x~', 'x~1', 'x~0', 'x~2b', 'x~20240101', 'x~x', '(1)', 'x(1)', 'x[2]']) {
    assert.equal(originalName(name), null, name);
  }
});

test("an original's name is shorter, so that nothing is its own original", () => {
  const word = fc.constantFrom('img_', 'e', '12', '-edited', '~2', '~', '(1)', '[2]', '-', '.', 'é');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(word).map((words) => words.join('')),
        fc.string({ unit: 'binary' }),
      ),
      (name) => {
        const original = originalName(name);
        assert.ok(original === null || (original.stem !== '' && original.stem.length < name.length));
      },
    ),
  );
});
