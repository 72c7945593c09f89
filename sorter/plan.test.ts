import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromText, joinPrefix } from '../model/names.ts';
import { placeKey } from './clash.ts';
import { splitName, textOf } from './photo.ts';
import { createPlanner, type Held, type PlanOrder, type PlannedUnit, type Unit } from './plan.ts';
import { parseSorting } from './rules.ts';

const nothing: Held = { places: new Set(), hashes: new Set() };
const byDay = parseSorting({ pattern: '{year}/{date} {place}/{name}', rules: [] });
const usual: PlanOrder = {
  ...{ sorting: byDay, to: null, onTaken: 'skip', onDuplicate: 'skip', dirs: [] },
  ignored: () => false,
};

let ids = 0;
const unit = (name: string, more: Partial<Unit['lead']> = {}, parts: string[] = []): Unit => ({
  ...{ at: null, choice: null, to: null },
  lead: {
    id: ++ids,
    fname: fromText(name),
    type: 'image',
    taken: { local: '2021-05-17T14:22:33', source: 'EXIF:DateTimeOriginal', certainty: 'certain' },
    camera: null,
    town: 'Bergen',
    region: null,
    country: 'NO',
    title: null,
    dir: fromText('100CANON'),
    hash: `hash of ${name}`,
    ...more,
  },
  parts: parts.map((part) => ({ id: ++ids, fname: fromText(part), hash: `hash of ${part}` })),
});
const planOf = (order: PlanOrder, units: readonly Unit[], held = nothing): PlannedUnit[] => {
  const planner = createPlanner(order);
  return units.map((each) => planner.settle(planner.place(each), held));
};
const paths = ({ prefix, files }: PlannedUnit) => files.map(({ fname }) => textOf(joinPrefix(prefix, fname)));

test('a picture and its parts go to one place, and share their stem there as before', () => {
  const parts = ['IMG_1.CR2', 'IMG_1.xmp', 'IMG_1.jpg.xmp', 'IMG_E1.jpg'];
  const [planned] = planOf(usual, [unit('IMG_1.jpg', {}, parts)]);
  assert.ok(planned);
  assert.deepEqual(
    paths(planned),
    ['IMG_1.jpg', ...parts].map((name) => `2021/2021-05-17 Bergen/${name}`),
  );
  assert.deepEqual([planned.notes, planned.left, planned.rule], [[], null, null]);
  assert.deepEqual(
    planned.used.map(({ token, from }) => [token, from]),
    [
      ['year', 'EXIF:DateTimeOriginal'],
      ['date', 'EXIF:DateTimeOriginal'],
      ['place', 'town'],
      ['name', 'name'],
    ],
  );
});

test('a taken name is left or told apart, as a person chose, with all parts alike', () => {
  const held = { ...nothing, places: new Set([placeKey('2021/2021-05-17 Bergen/img_1.CR2')]) };
  const pair = () => [unit('IMG_1.jpg', {}, ['IMG_1.CR2'])];
  const [left] = planOf(usual, pair(), held);
  assert.deepEqual([left?.left, left?.forGood, left?.notes], ['name taken', false, ['name taken']]);
  const [kept] = planOf({ ...usual, onTaken: 'keep both' }, pair(), held);
  assert.ok(kept && !kept.left);
  assert.deepEqual(paths(kept), ['2021/2021-05-17 Bergen/IMG_1[2].jpg', '2021/2021-05-17 Bergen/IMG_1[2].CR2']);
});

test('what the storage path holds already is told by its bytes, and only where all of a unit is there', () => {
  const held = { ...nothing, hashes: new Set(['hash of IMG_1.jpg']) };
  const [all] = planOf(usual, [unit('IMG_1.jpg')], held);
  assert.deepEqual([all?.left, all?.notes], ['duplicate', ['duplicate']]);
  const [half] = planOf(usual, [unit('IMG_1.jpg', {}, ['IMG_1.CR2'])], held);
  assert.deepEqual([half?.left, half?.notes], [null, []]);
  const [kept] = planOf({ ...usual, onDuplicate: 'keep both' }, [unit('IMG_1.jpg')], held);
  assert.deepEqual([kept?.left, kept?.notes], [null, ['duplicate']]);
});

test('a dir that a person chose is taken in place of the pattern, and names stay', () => {
  const [planned] = planOf({ ...usual, to: 'Ärger & Spaß/2021' }, [unit('ünïcode.jpg', {}, ['ünïcode.xmp'])]);
  assert.ok(planned);
  assert.deepEqual(paths(planned), ['Ärger & Spaß/2021/ünïcode.jpg', 'Ärger & Spaß/2021/ünïcode.xmp']);
});

test('a date that is not known, or not sure, is for a person to look at', () => {
  const taken = { local: '2021-05-17T14:22:33', source: 'file time', certainty: 'uncertain' } as const;
  const planned = planOf(usual, [unit('a.jpg', { taken: null }), unit('b.jpg', { taken })]);
  assert.deepEqual(
    planned.map(({ notes }) => notes),
    [['no date'], ['uncertain date']],
  );
});

test('a second file of a plan with the same bytes is a duplicate, too', () => {
  const [first, second] = planOf(usual, [unit('a.jpg', { hash: 'one' }), unit('b.jpg', { hash: 'one' })]);
  assert.deepEqual([first?.left, second?.left], [null, 'duplicate']);
});

test('dirs are written as the storage path has them, or as the plan wrote them first', () => {
  const order = { ...usual, sorting: parseSorting({ pattern: '{camera}/{name}', rules: [] }), dirs: ['canon'] };
  const cameras = ['Canon', 'NIKON', 'Nikon'];
  const planned = planOf(
    order,
    cameras.map((camera, i) => unit(`${i}.jpg`, { camera })),
  );
  assert.deepEqual(
    planned.map(({ prefix }) => prefix),
    ['canon', 'NIKON', 'NIKON'],
  );
});

test('what a person decided for one picture counts more than the choices for all', () => {
  const held = { ...nothing, hashes: new Set(['hash of a.jpg']) };
  const decided = (choice: Unit['choice'], to: string | null = null) =>
    planOf(usual, [{ ...unit('a.jpg'), choice, to }], held)[0];
  assert.deepEqual([decided('keep both')?.left, decided('skip')?.left], [null, 'chosen']);
  assert.deepEqual([decided('leave')?.left, decided('leave')?.forGood], ['chosen', true]);
  const elsewhere = decided('keep both', '/../x/../Trip: Rome/');
  assert.equal(elsewhere && paths(elsewhere)[0], 'x/Trip_ Rome/a.jpg');
});

test('what is where it belongs stays, and nothing goes under a name that is never looked at', () => {
  const inPlace = { ...unit('a.jpg'), at: fromText('2021/2021-05-17 Bergen') };
  const held = { ...nothing, places: new Set([placeKey('2021/2021-05-17 Bergen/a.jpg')]) };
  assert.deepEqual(planOf(usual, [inPlace], held)[0]?.left, 'in place');
  const ignored = (name: string, isDir: boolean) => isDir && name === '2021';
  assert.deepEqual(planOf({ ...usual, ignored }, [unit('b.jpg')])[0]?.left, 'ignored name');
});

test('many files of one name are numbered without trying all numbers for each', () => {
  let asked = 0;
  class Places extends Set<string> {
    override has(place: string): boolean {
      asked++;
      return super.has(place);
    }
  }
  const held = { ...nothing, places: new Places([placeKey('2021.jpg'), placeKey('2021[3].jpg')]) };
  const order = { ...usual, sorting: parseSorting({ pattern: '{year}', rules: [] }), onTaken: 'keep both' } as const;
  const many = 300;
  const planned = planOf(
    order,
    Array.from({ length: many }, (_, i) => unit(`${i}.jpg`)),
    held,
  );
  const numbers = [2, ...Array.from({ length: many - 1 }, (_, i) => i + 4)];
  assert.deepEqual(
    planned.flatMap(paths),
    numbers.map((n) => `2021[${n}].jpg`),
  );
  assert.ok(asked < 4 * many, `asked ${asked} times`);
});

const patterns = fc.constantFrom(
  "{year}/{year}-{month}-{day} {place|event|''}/{name}",
  '{camera|lower}/{name|upper}',
  '{counter}',
  '{date}_{time}',
  '{title}/{dir}/{name}',
  'all',
);
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom('..', '.', '', '/etc/passwd', '../../x', 'CON', 'a/b', 'x'.repeat(400), '\u202egpj.exe', 'ﬀ.jpg'),
);
const stems = fc.oneof(
  fc.constantFrom('IMG_1', 'img_1', 'IMG_1~2', 'a', 'é', 'e\u0301', 'ß', 'SS', 'x'.repeat(239), 'x'.repeat(240)),
  hostile,
);
const endings = fc.constantFrom('.jpg', '.JPG', '.CR2', '.xmp', '.jpg.xmp', '', '.mov');
const fname = fc
  .tuple(stems, endings)
  .map(([stem, ending]) => fromText(stem.replace(/[/\0]/g, '_').slice(0, 240) + ending))
  .filter((name) => !/^\.{0,2}$/.test(name));
const nullable = (text: fc.Arbitrary<string>) => fc.option(text);
const units = fc.array(
  fc.record({
    lead: fc.record({
      fname,
      type: fc.constantFrom('image', 'video'),
      taken: fc.option(
        fc.record({
          local: fc.constantFrom('2021-05-17T14:22:33', '1826-01-01T00:00:00.123', '9999-99-99T99:99:99', 'nonsense'),
          source: fc.constantFrom('EXIF:DateTimeOriginal', 'file time'),
          certainty: fc.constantFrom('certain', 'likely', 'uncertain'),
        }),
      ),
      camera: nullable(hostile),
      town: nullable(hostile),
      region: nullable(hostile),
      country: fc.constantFrom('NO', 'ZZ', null),
      title: nullable(hostile),
      dir: hostile.map(fromText),
      hash: fc.constantFrom('one', 'two', 'three', null),
    }),
    parts: fc.array(fc.record({ fname, hash: fc.constantFrom('one', 'four', null) }), { maxLength: 3 }),
  }),
  { maxLength: 12 },
);

test('for any files and pattern no place is given twice on any file system, all lie below, and parts stay with their picture', () => {
  const choices = fc.constantFrom('skip', 'leave', 'keep both');
  fc.assert(
    fc.property(units, patterns, choices, choices, (drawn, pattern, onTaken, onDuplicate) => {
      const given = drawn.map(({ lead, parts }): Unit => ({
        ...{ at: null, choice: null, to: null },
        lead: { ...lead, id: ++ids },
        parts: parts.map((part) => ({ ...part, id: ++ids })),
      }));
      const held: Held = { places: new Set([placeKey('all.jpg'), placeKey('001.jpg')]), hashes: new Set(['one']) };
      const planned = planOf(
        { ...usual, sorting: parseSorting({ pattern, rules: [] }), onTaken, onDuplicate },
        given,
        held,
      );
      const places = planned.filter(({ left }) => left === null).flatMap(paths);
      assert.equal(new Set(places.map(placeKey)).size, places.length);
      for (const place of places) {
        assert.ok(!held.places.has(placeKey(place)));
        assert.ok(!place.startsWith('/'));
        for (const part of place.split('/')) {
          assert.ok(part !== '' && part !== '.' && part !== '..' && !part.includes('\0'));
          assert.ok(Buffer.byteLength(part) <= 255);
        }
      }
      for (const [i, { files, left }] of planned.entries()) {
        const its = given[i]!;
        assert.deepEqual(
          files.map(({ id }) => id),
          [its.lead, ...its.parts].map(({ id }) => id),
        );
        if (left !== null) continue;
        const stemOf = (name: string) => splitName(textOf(name)).stem;
        for (const [k, part] of its.parts.entries()) {
          if (stemOf(part.fname) !== stemOf(its.lead.fname)) continue;
          // Of names that have to be cut, two may come out alike.
          if (Buffer.byteLength(stemOf(part.fname)) > 200) continue;
          if (its.parts.filter((other) => placeKey(textOf(other.fname)) === placeKey(textOf(part.fname))).length > 1)
            continue;
          if (placeKey(textOf(part.fname)) === placeKey(textOf(its.lead.fname))) continue;
          assert.equal(stemOf(files[k + 1]!.fname), stemOf(files[0]!.fname));
        }
      }
    }),
    { numRuns: 400 },
  );
});
