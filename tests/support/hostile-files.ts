import { rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { exiftool } from './exiftool.ts';
import { settle, writeOld } from './pictures.ts';

/** What nobody would write of a picture: markup, SQL, orders to a terminal, a turn of the writing, and an end. */
export const hostileText = `<script>alert("x")</script>'; DROP TABLE file; --\u001b[2J\u202egpj.exe\0after`;

const megabyte = 1024 * 1024;

/**
 * Writes files that are made to break what reads them. @returns their names
 * @param lures what a playlist names: nobody may ask for them
 */
export async function writeHostileFiles(dir: string, lures: { url: string; file: string }): Promise<string[]> {
  const picture = sharp({ create: { width: 640, height: 480, channels: 3, background: 'teal' } });
  const jpeg = await picture.clone().jpeg().toBuffer();
  const png = await picture.clone().png().toBuffer();
  const text = Buffer.alloc(50 * megabyte, 'ha ');
  const zeros = Buffer.alloc(20 * megabyte);
  const files: Record<string, string | Buffer> = {
    'one row of 60000 x 60000.png': black(60_000, { bytes: 1 + 60_000 * 3 }),
    'one row of 17000 x 17000.png': black(17_000, { bytes: 1 + 17_000 * 3 }),
    'bomb.png': interlacedBlack(9600),
    'other bomb.png': interlacedBlack(9000),
    'zip.jpg': zip,
    'script.jpg': '#!/bin/sh\nrm -rf "$HOME"\n',
    'laughs.xmp': laughs,
    'laughs.jpg': withXmp(jpeg, laughs),
    'nested.xmp': nested(100_000),
    'nested.jpg': withXmp(jpeg, nested(5_000)),
    'frames.gif': gif(100_000),
    'text.png': withChunk(png, 'tEXt', Buffer.concat([Buffer.from('Comment\0'), text])),
    'packed text.png': withChunk(png, 'zTXt', Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(text)])),
    'playlist.mp4': `#EXTM3U\n#EXTINF:1,\n${lures.url}/a.ts\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n`,
    'concat.mp4': `ffconcat version 1.0\nfile '${lures.file}'\nfile '/etc/passwd'\n`,
    'zeros.heic': zeros,
    'zeros.jxl': zeros,
    'zeros.nef': zeros,
    'zeros.mov': zeros,
    '<script>alert("zeros")<\u2215script>.mov': zeros,
    'words.jpg': jpeg,
  };
  for (const [name, bytes] of Object.entries(files)) writeOld(path.join(dir, name), bytes);
  await writeWords(path.join(dir, 'words.jpg'));
  return [...Object.keys(files), ...(writeSparse(path.join(dir, 'sparse.jpg')) ? ['sparse.jpg'] : [])];
}

/** A PNG that claims to be a black square, and has so many bytes of one. */
function black(side: number, { bytes, interlaced = false }: { bytes: number; interlaced?: boolean }): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, interlaced ? 1 : 0], 8);
  const pixels = deflateSync(Buffer.alloc(bytes));
  return Buffer.concat([pngSignature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

/**
 * All there is of it, in seven passes over rows that begin with a byte each, which only fit together when all of them are
 * in memory: some 300 MB, of a file of 300 kB. @param side a multiple of 8
 */
const interlacedBlack = (side: number): Buffer =>
  black(side, { bytes: side * side * 3 + (side / 8) * 15, interlaced: true });

const pngSignature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** The chunk comes after the header, which is 25 bytes long. */
const withChunk = (png: Buffer, type: string, data: Buffer): Buffer => {
  const head = pngSignature.length + 25;
  return Buffer.concat([png.subarray(0, head), chunk(type, data), png.subarray(head)]);
};

/** An archive of nothing. */
const zip = Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]);

const xmp = (head: string, title: string): string =>
  `<?xml version="1.0"?>${head}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${title}</dc:title></rdf:Description></rdf:RDF></x:xmpmeta>`;

/** Ten entities, each of which is ten of the one before: 3 GB of "lol". */
const laughs = xmp(
  `<!DOCTYPE lolz [<!ENTITY l0 "lol">${Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')}]>`,
  '&l9;',
);

/** Elements in elements. */
const nested = (levels: number): string => xmp('', '<a>'.repeat(levels) + '</a>'.repeat(levels));

/** In a segment of its own after the start of the image. */
function withXmp(jpeg: Buffer, packet: string): Buffer {
  const body = Buffer.from(`http://ns.adobe.com/xap/1.0/\0${packet}`);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

/** A moving picture of 1000 by 1000 pixels whose frames change one of them. */
function gif(frames: number): Buffer {
  const head = Buffer.from('GIF89a\xe8\x03\xe8\x03\x80\0\0\x10\x20\x30\xf0\xe0\xd0', 'latin1');
  const frame = Buffer.from('!\xf9\x04\x04\x01\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0', 'latin1');
  return Buffer.concat([head, ...Array.from({ length: frames }, () => frame), Buffer.from(';')]);
}

/** The text in whatever people and cameras write into. */
async function writeWords(file: string): Promise<void> {
  const value = `${file}.value`;
  writeFileSync(value, hostileText);
  const tags = [
    ...['XMP:Title', 'XMP:Description', 'XMP:Subject', 'IPTC:ObjectName', 'IPTC:Keywords', 'IPTC:Caption-Abstract'],
    ...['EXIF:Make', 'EXIF:Model', 'EXIF:XPTitle', 'EXIF:XPKeywords', 'EXIF:UserComment', 'EXIF:ImageDescription'],
  ];
  const args = ['-overwrite_original', '-P', '-m', '-codedcharacterset=utf8'];
  await exiftool(path.dirname(file), [...args, ...tags.map((tag) => `-${tag}<=${value}`), file]);
  rmSync(value);
}

/** Four gigabytes that take no room. @returns whether this file system has such files */
function writeSparse(file: string): boolean {
  writeFileSync(file, '');
  truncateSync(file, 4096 * megabyte);
  const sparse = statSync(file).blocks * 512 < megabyte;
  if (!sparse) truncateSync(file, 0);
  settle(file);
  return sparse;
}
