import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { describe } from './description.ts';

const nothing = { title: null, description: null, rating: null, tags: [], people: [], regions: [] };

test('nothing said is nothing', () => {
  assert.deepEqual(describe({}), nothing);
  assert.deepEqual(describe({ 'EXIF:UserComment': '', 'IPTC:Keywords': '', 'XMP:Title': '  ' }), nothing);
  assert.deepEqual(describe({ Title: 'of no group', 'EXIF:SubjectDistance': '0.7 m' }), nothing);
});

test('the most deliberate title and description are taken', () => {
  const tags = {
    'EXIF:XPTitle': 'by Windows',
    'IPTC:ObjectName': 'by an agency',
    'XMP:Title': ' Mongol\r\n Els ',
    'EXIF:ImageDescription': 'OLYMPUS DIGITAL CAMERA         ',
    'EXIF:XPComment': 'Christoph Suter,\r\nPublic domain\0',
  };
  assert.equal(describe(tags).title, 'Mongol Els');
  assert.equal(describe(tags).description, 'Christoph Suter,\nPublic domain');
  assert.equal(describe({ ...tags, 'XMP:Title': '' }).title, 'by an agency');
  assert.equal(describe({ ...tags, 'XMP:Description': 'Dunes' }).description, 'Dunes');
  assert.equal(describe({ 'EXIF:ImageDescription': 123 }).description, '123');
  assert.equal(describe({ 'QuickTime:Title': 'My Movie' }).title, 'My Movie');
  assert.equal(describe({ 'PNG:Description': 'A drawing' }).description, 'A drawing');
  assert.equal(describe({ 'File:Comment': 'Created with GIMP' }).description, null);
});

test('a title in another language than the default one is a title', () => {
  assert.equal(describe({ 'XMP:Title-x-repair': 'Title2' }).title, 'Title2');
  assert.equal(describe({ 'XMP:Title-de': 'Ernte', 'XMP:Title': 'Harvest' }).title, 'Harvest');
  assert.equal(describe({ 'XMP:Title': { de: 'Ernte', 'x-default': 'Harvest' } }).title, 'Harvest');
});

test('long texts are cut', () => {
  const { title, description } = describe({ 'XMP:Title': 'x'.repeat(20_000), 'XMP:Description': 'y'.repeat(20_000) });
  assert.equal(title?.length, 500);
  assert.equal(description?.length, 10_000);
});

test('a rating is stars, or rejected', () => {
  const rating = (tags: Record<string, unknown>): number | null => describe(tags).rating;
  for (const stars of [-1, 1, 2, 3, 4, 5]) assert.equal(rating({ 'XMP:Rating': stars }), stars);
  assert.equal(rating({ 'XMP:Rating': 0 }), null);
  assert.equal(rating({ 'XMP:Rating': 0, 'EXIF:Rating': 4 }), null);
  assert.equal(rating({ 'XMP:Rating': '3.5' }), 4);
  assert.equal(rating({ 'XMP:Rating': -0.2 }), null);
  assert.equal(rating({ 'XMP:Rating': 99, 'EXIF:Rating': 4 }), 4);
  assert.equal(rating({ 'XMP:Rating': [5], 'EXIF:Rating': 'four' }), null);
  const percents = { 0: null, 1: 1, 12: 1, 25: 2, 37: 2, 50: 3, 75: 4, 99: 5, 100: 5, 101: null };
  for (const [percent, stars] of Object.entries(percents)) {
    assert.equal(rating({ 'EXIF:RatingPercent': Number(percent) }), stars);
    assert.equal(rating({ 'XMP:RatingPercent': Number(percent) }), stars);
  }
  assert.equal(rating({ 'EXIF:Rating': 2, 'XMP:RatingPercent': 99 }), 2);
});

test('tags are gathered from every notation, each once, in order', () => {
  assert.deepEqual(
    describe({
      'XMP:HierarchicalSubject': ['People|Marie Curie', 'Places|France| Sceaux ', '|', 'PINN'],
      'XMP:TagsList': ['People/Marie Curie', 'Science/Radium'],
      'XMP:Subject': ['marie CURIE', ' Pierre  Curie', 2012],
      'IPTC:Keywords': 'Sceaux',
      'EXIF:XPKeywords': 'Garden;radium; ;Bicycles',
      'QuickTime:Keywords': 'iMovie, garden',
    }).tags,
    ['marie CURIE', 'Pierre Curie', '2012', 'Radium', 'Sceaux', 'PINN', 'Garden', 'Bicycles', 'iMovie'],
  );
  assert.deepEqual(describe({ 'XMP:Subject': ['é', 'e\u0301', 'É'] }).tags, ['é']);
  const many = Array.from({ length: 1000 }, (_, i) => `${i} ${'x'.repeat(1000)}`);
  const { tags } = describe({ 'XMP:Subject': many, 'EXIF:XPKeywords': many.join(';') });
  assert.equal(tags.length, 200);
  assert.ok(tags.every((tag) => tag.length === 200));
});

test('people are those named, and the faces', () => {
  const face = (Name: unknown, X: number, Type: unknown = 'Face'): unknown => ({
    ...{ Name, Type },
    Area: { X, Y: 0.5, W: 0.1, H: 0.1, Unit: 'normalized' },
  });
  const { people, regions, tags } = describe({
    'XMP:PersonInImage': ['Marie Curie', 'Irène'],
    'XMP:RegionInfo': {
      RegionList: [face('marie curie', 0.2), face('Pierre', 0.4), face('Rex', 0.6, 'Pet'), face('', 0.8)],
    },
    'XMP:RegionInfoMP': { Regions: [{ PersonDisplayName: 'Pierre', Rectangle: '0.35, 0.45, 0.1, 0.1' }] },
  });
  assert.deepEqual(people, ['Marie Curie', 'Irène', 'Pierre']);
  assert.deepEqual(
    regions.map(({ name }) => name),
    ['marie curie', 'Pierre', 'Rex', null],
  );
  assert.deepEqual(tags, []);
});

test('whatever is said, a description is bounded and fit to be stored', () => {
  const names = [
    ...['XMP:Title', 'XMP:Title-de', 'IPTC:ObjectName', 'XMP:Description', 'EXIF:UserComment', 'XMP:Rating'],
    ...['EXIF:RatingPercent', 'XMP:Subject', 'XMP:TagsList', 'XMP:HierarchicalSubject', 'EXIF:XPKeywords', 'EXIF:Make'],
    ...['XMP:PersonInImage', 'XMP:RegionInfo', 'XMP:RegionInfoMP', '__proto__', 'constructor'],
  ];
  const value = fc.oneof(
    fc.anything({ withNullPrototype: true, withBigInt: true }),
    fc.string({ unit: 'binary', maxLength: 1000 }),
    fc.array(fc.string({ unit: 'binary' })),
    fc.double(),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...names), value)), (entries) => {
      const said = describe(Object.fromEntries(entries));
      assert.doesNotMatch(JSON.stringify(said), /\\u0000|\\ud[89a-f]/);
      assert.ok([null, -1, 1, 2, 3, 4, 5].includes(said.rating));
      for (const list of [said.tags, said.people]) {
        assert.ok(list.every((text) => text === text.trim() && text.length > 0 && text.length <= 200));
        assert.equal(new Set(list.map((text) => text.toLowerCase())).size, list.length);
      }
    }),
  );
});
