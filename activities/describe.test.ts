import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileToDescribe } from '../sql/described.ts';
import { describeFiles } from './describe.ts';
import { fromText } from '../model/names.ts';

const photo: FileToDescribe = {
  id: 1,
  name: fromText('a.jpg'),
  type: 'image',
  mtimeNs: '0',
  known: true,
  zone: null,
  duration: null,
  contentId: null,
  people: ['Ada'],
  camera: 'Lumix',
  town: 'Ghent',
  region: 'Flanders',
  country: 'BE',
  takenAt: null,
  takenOffset: null,
  takenZone: null,
  takenSource: null,
  takenCertainty: null,
  passedDates: [],
  title: 'Fair',
  description: null,
  rating: null,
  labels: ['friends'],
};

test('however much is written of a picture, it is found by its name, camera, town, people and tags', () => {
  const novel = Array.from({ length: 5000 }, (_, i) => `word${i}`).join(' ');
  const [{ words } = assert.fail()] = describeFiles([{ ...photo, description: novel }], new Date());
  for (const word of ['a', 'jpg', 'fair', 'friends', 'ada', 'lumix', 'ghent', 'flanders', 'belgium', 'word'])
    assert.ok(words.includes(word), word);
});
