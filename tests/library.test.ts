import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import Value from 'typebox/value';
import { FileReply } from '../web/api/schema.ts';
import { eventually, startHouse, temporaryDir } from './support/house.ts';
import { settle, writeOld } from './support/pictures.ts';

/** A JPEG of one colour with EXIF of its own. */
const jpeg = async (colour: string, exif: Record<string, Record<string, string>> = {}): Promise<Buffer> =>
  await sharp({ create: { width: 320, height: 240, channels: 3, background: colour } })
    .withExif(exif)
    .jpeg()
    .toBuffer();

const xmp = (attributes: string, tags: readonly string[] = []): string => `
  <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
      xmlns:exif="http://ns.adobe.com/exif/1.0/" ${attributes}>
      <dc:subject><rdf:Bag>${tags.map((tag) => `<rdf:li>${tag}</rdf:li>`).join('')}</rdf:Bag></dc:subject>
      <dc:title><rdf:Alt><rdf:li xml:lang="x-default">The lake at dawn</rdf:li></rdf:Alt></dc:title>
    </rdf:Description></rdf:RDF></x:xmpmeta>`;

const paris = {
  GPSLatitudeRef: 'N',
  GPSLatitude: '48/1 51/1 30/1',
  GPSLongitudeRef: 'E',
  GPSLongitude: '2/1 17/1 40/1',
};

test('what belongs together, when and where it was taken, and how it is found again', async (t) => {
  const photos = temporaryDir(t);
  const at = (name: string) => path.join(photos, name);
  writeOld(
    at('trip/IMG_0001.JPG'),
    await jpeg('navy', {
      IFD0: { Make: 'Canon', Model: 'Canon EOS 40D' },
      IFD2: { DateTimeOriginal: '2019:03:02 14:22:33', OffsetTimeOriginal: '+01:00' },
    }),
  );
  // Any bytes around a JPEG: what is inside stands for the data of the sensor.
  writeOld(at('trip/IMG_0001.CR2'), Buffer.concat([Buffer.from('sensor '), await jpeg('navy'), Buffer.alloc(900)]));
  writeOld(at('trip/IMG_0001.xmp'), xmp('xmp:Rating="4"', ['lake', 'holidays']));
  writeOld(
    at('trip/IMG_0002.jpg'),
    await jpeg('olive', {
      IFD0: { Make: 'Apple', Model: 'iPhone 7' },
      IFD2: { DateTimeOriginal: '2019:07:14 21:00:00' },
      IFD3: paris,
    }),
  );
  writeOld(at('trip/IMG_E0002.jpg'), await jpeg('gold', { IFD2: { DateTimeOriginal: '2019:07:14 21:00:00' } }));
  writeOld(at('trip/WhatsApp Image 2018-05-06 at 07.08.09.jpeg'), await jpeg('teal'));
  writeOld(at('trip/unset.jpg'), await jpeg('plum', { IFD2: { DateTimeOriginal: '2000:01:01 00:00:12' } }));
  writeOld(at('trip/no extension'), await jpeg('tan', { IFD2: { DateTimeOriginal: '2011:01:02 03:04:05' } }));
  settle(at('trip'), photos);
  const house = await startHouse(t, { imports: [photos] });
  await house.until('awaiting jobs');
  const named = async (query = '') => (await house.files(query)).map(({ name }) => name).sort();
  const one = async (name: string) => {
    const found = (await house.files('order=name')).find((file) => file.name === name);
    assert.ok(found, name);
    return Value.Parse(FileReply, await house.get(`/api/files/${found.id}`));
  };
  const original = readFileSync(at('trip/IMG_0001.CR2'));

  await t.test('RAW, JPEG and sidecar are one picture, which takes what the sidecar says', async () => {
    const main = await one('IMG_0001.JPG');
    assert.deepEqual(main.bundle.map(({ name, part }) => [name, part]).sort(), [
      ['IMG_0001.CR2', 'raw'],
      ['IMG_0001.JPG', null],
      ['IMG_0001.xmp', 'sidecar'],
    ]);
    assert.deepEqual([main.rating, main.tags, main.title], [4, ['lake', 'holidays'], 'The lake at dawn']);
    const raw = await one('IMG_0001.CR2');
    assert.deepEqual([raw.thumb, raw.decoder, raw.main], [true, 'embedded JPEG', main.id]);
  });

  await t.test('an edited version is shown, with its original as a part', async () => {
    const edited = await one('IMG_E0002.jpg');
    assert.deepEqual(edited.parts, ['original']);
  });

  await t.test('each picture is once in the timeline', async () => {
    assert.deepEqual(await named(), [
      'IMG_0001.JPG',
      'IMG_E0002.jpg',
      'WhatsApp Image 2018-05-06 at 07.08.09.jpeg',
      'no extension',
      'unset.jpg',
    ]);
  });

  await t.test(
    'when: with offset, by the zone of the place, by the name; a clock never set is passed over',
    async () => {
      const taken = async (name: string) => {
        const { takenAt, takenOffset, takenZone, takenSource, takenCertainty } = await one(name);
        return [takenAt, takenOffset, takenZone, takenSource, takenCertainty];
      };
      assert.deepEqual(await taken('IMG_0001.JPG'), [
        '2019-03-02T14:22:33',
        60,
        null,
        'EXIF:DateTimeOriginal',
        'certain',
      ]);
      assert.deepEqual(await taken('IMG_0002.jpg'), [
        '2019-07-14T21:00:00',
        120,
        'Europe/Paris',
        'EXIF:DateTimeOriginal',
        'certain',
      ]);
      assert.deepEqual((await taken('WhatsApp Image 2018-05-06 at 07.08.09.jpeg')).slice(0, 1), [
        '2018-05-06T07:08:09',
      ]);
      const unset = await one('unset.jpg');
      assert.deepEqual(
        [unset.takenSource, unset.takenCertainty, unset.passedDates.length],
        ['file time', 'uncertain', 1],
      );
      const page = await (await fetch(`${house.url}/photos/${unset.id}`)).text();
      assert.match(page, /Why this date\?/);
      assert.match(page, /2000:01:01 00:00:12/);
    },
  );

  await t.test('where: the nearest town', async () => {
    const { place } = await one('IMG_0002.jpg');
    assert.equal(place?.country, 'FR');
    assert.ok(place.metres < 5000);
  });

  await t.test('it is found by words, dates, camera, place, type, rating and tag', async () => {
    assert.deepEqual(await named('q=LAKE+dawn'), ['IMG_0001.JPG']);
    assert.deepEqual(await named('q=img_0001'), ['IMG_0001.JPG']);
    assert.deepEqual(await named('q=nothing+of+this'), []);
    assert.deepEqual(await named('from=2019-01-01&to=2019-12-31'), ['IMG_0001.JPG', 'IMG_E0002.jpg']);
    assert.deepEqual(await named('camera=Canon+EOS+40D'), ['IMG_0001.JPG']);
    assert.deepEqual(await named('rating=4'), ['IMG_0001.JPG']);
    assert.deepEqual(await named('rating=5'), []);
    assert.deepEqual(await named('tag=holidays'), ['IMG_0001.JPG']);
    assert.deepEqual(await named('type=raw'), ['IMG_0001.JPG']);
    assert.deepEqual(await named('type=video'), []);
    assert.deepEqual(await named('place=FR&order=name'), ['IMG_0002.jpg']);
    assert.deepEqual(await named('box=2,48,3,49&order=name'), ['IMG_0002.jpg']);
    const page = await (await fetch(`${house.url}/?q=lake&rating=4&camera=&from=`)).text();
    assert.match(page, /IMG_0001\.JPG/);
    assert.doesNotMatch(page, /unset\.jpg/);
    assert.match(page, /Without “lake”/);
  });

  await t.test('when a part goes, what it was a part of is shown for itself', async () => {
    rmSync(at('trip/IMG_E0002.jpg'));
    rmSync(at('trip/IMG_0001.xmp'));
    assert.equal((await house.send('POST', '/api/jobs', { kind: 'importPath', root: 1 })).status, 202);
    await eventually('the original in the timeline', 60_000, async () => (await named()).includes('IMG_0002.jpg'));
    assert.deepEqual([(await one('IMG_0001.JPG')).rating, (await one('IMG_0002.jpg')).main], [null, null]);
  });

  await t.test('files can be tried, and nothing of them is kept in the library', async () => {
    const form = new FormData();
    form.append(
      'files',
      new Blob([new Uint8Array(await jpeg('lime', { IFD2: { DateTimeOriginal: '2015:06:07 08:09:10' } }))]),
      'a.jpg',
    );
    form.append('files', new Blob([xmp('xmp:Rating="5"')]), 'a.xmp');
    form.append('files', new Blob(['no picture']), '<script>alert(1)</script>.png');
    const sent = await fetch(`${house.url}/try/file`, { method: 'POST', body: form, redirect: 'manual' });
    assert.equal(sent.status, 303);
    const address = house.url + (sent.headers.get('location') ?? '');
    const page = await eventually('the outcome', 60_000, async () => {
      const text = await (await fetch(address)).text();
      return text.includes('3 files tried') && text;
    });
    assert.match(page, /Sunday 7 June 2015/);
    assert.match(page, /as one picture with/);
    assert.doesNotMatch(page, /<script>alert/);
    const picture = /\/try\/file\/[0-9a-f-]+\/[0-9a-f]{64}\.webp/.exec(page)?.[0];
    assert.ok(picture);
    assert.equal((await fetch(house.url + picture)).headers.get('content-type'), 'image/webp');
    assert.deepEqual(await named('q=lime'), []);
    assert.equal((await fetch(`${house.url}/try/file/00000000-0000-0000-0000-000000000000`)).status, 404);
  });

  assert.deepEqual(readFileSync(at('trip/IMG_0001.CR2')), original, 'originals are as they were');
});
