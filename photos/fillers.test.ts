import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFiller } from './fillers.ts';

test('what cameras and programs write of their own accord is no description', () => {
  for (const text of [
    ...['OLYMPUS DIGITAL CAMERA         ', ' DIGITAL CAMERA ', 'SANYO DIGITAL CAMERA', 'KONICA MINOLTA DIGITAL CAMERA'],
    ...[
      'SONY DSC',
      'Minolta DSC',
      'EPSON DSC picture',
      'KODAK Digital Still Camera',
      'KODAK Action Cam',
      'SAMSUNG CSC',
    ],
    ...['DCIM\\100GOPRO', 'DCIM/100MEDIA/DJI_0001.JPG', 'DCF 1.0', 'MAGNUM 4200', 'Exif_JPEG_PICTURE', 'DSC00006'],
    ...['default', 'Untitled', 'ASCII', 'charset=Ascii', 'binary comment', '***', '???', 'oznorWB', 'cof', 'hdrpl'],
    ...['CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 85', 'Created with GIMP', 'CF-1;\u0004\b1.1.00'],
    ...['<?xml version="1.0"?><a/>', '&lt;?xml version="1.0"?&gt;', '{"mirror":false,"sensor_type":"rear"}'],
  ]) {
    assert.ok(isFiller(text, {}), text);
  }
});

test("the camera's own name is no description", () => {
  const camera = { 'EXIF:Make': 'Traveler ', 'EXIF:Model': 'SX 330Z' };
  for (const text of ['TRAVELER', 'sx 330z', 'Traveler SX 330Z', 'TRAVELER SX Digital Camera']) {
    assert.ok(isFiller(text, camera), text);
  }
  assert.ok(!isFiller('A traveler with an SX 330Z', camera));
  assert.ok(!isFiller('Galaxy', { 'EXIF:Make': 'samsung', 'EXIF:Model': 'Galaxy S21' }));
});

test('what people write is kept', () => {
  for (const text of [
    ...['Harvest', 'My new digital camera', 'Olympus Mons', 'Dav', 'A burst of colour', '❤️', '7', 'Image-Description'],
    ...['"Quoted"', 'DSC meeting', 'Default settings', '{ braces }', 'Early winter\nin Utah', 'Пикник'],
  ]) {
    assert.ok(!isFiller(text, {}), text);
  }
});
