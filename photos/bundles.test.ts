import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromText } from '../model/names.ts';
import { growth } from '../tests/support/growth.ts';
import { bundlesOf, type BundleFile } from './bundles.ts';
import { fileType } from './kind.ts';

interface Known {
  duration?: number;
  contentId?: string;
}

function fileNamed(text: string, id: number, { duration, contentId }: Known = {}): BundleFile {
  const name = fromText(text);
  const type = fileType(Buffer.from(text));
  return { id, name, type, duration: duration ?? null, contentId: contentId ?? null };
}

/** The bundles of files with these names, as `part: role of main`. */
function bundled(...named: (string | [name: string, known: Known])[]): Record<string, string> {
  const files = named.map((item, id) =>
    typeof item === 'string' ? fileNamed(item, id) : fileNamed(item[0], id, item[1]),
  );
  const nameOf = (id: number): string => {
    const item = named[id]!;
    return typeof item === 'string' ? item : item[0];
  };
  return Object.fromEntries(
    Array.from(bundlesOf(files), ([id, { main, role }]) => [nameOf(id), `${role} of ${nameOf(main)}`]),
  );
}

test('a RAW file belongs to the picture the camera made of it', () => {
  assert.deepEqual(bundled('IMG_1.CR2', 'img_1.jpg', 'IMG_2.jpg', 'IMG_3.CR2', 'notes.txt'), {
    'IMG_1.CR2': 'raw of img_1.jpg',
  });
  assert.deepEqual(bundled('a.nef', 'a.dng', 'a.heic'), { 'a.nef': 'raw of a.heic', 'a.dng': 'raw of a.heic' });
  assert.deepEqual(bundled('a.nef', 'a.dng'), {});
  assert.deepEqual(bundled('a.tif', 'a.png', 'a.heic', 'a.jpg', 'a.cr2', 'a.xmp'), {
    'a.cr2': 'raw of a.jpg',
    'a.xmp': 'sidecar of a.jpg',
  });
});

test('different pictures of the same name stay apart', () => {
  assert.deepEqual(bundled('a.jpg', 'a.png', 'a.heic', 'A.JPG', 'b.jpg', 'a', 'a.txt'), {});
});

test("a Live Photo's video is found by Apple's identifier, whatever its name", () => {
  const a = { contentId: 'A' };
  assert.deepEqual(bundled(['IMG_1.HEIC', a], ['renamed.MOV', { ...a, duration: 60 }]), {
    'renamed.MOV': 'video of IMG_1.HEIC',
  });
  assert.deepEqual(bundled(['IMG_1.HEIC', a], ['copy.HEIC', a], ['copy.mov', a], ['IMG_1.mov', a], ['other.mov', a]), {
    'copy.mov': 'video of copy.HEIC',
    'IMG_1.mov': 'video of IMG_1.HEIC',
    'other.mov': 'video of copy.HEIC',
  });
  assert.deepEqual(bundled(['IMG_1.HEIC', a], ['IMG_1.MOV', { contentId: 'B' }]), {});
  assert.deepEqual(bundled(['IMG_1.HEIC', a], 'IMG_1.MOV'), { 'IMG_1.MOV': 'video of IMG_1.HEIC' });
  assert.deepEqual(bundled('IMG_1.HEIC', ['IMG_1.MOV', a]), { 'IMG_1.MOV': 'video of IMG_1.HEIC' });
  assert.deepEqual(bundled(['IMG_1.HEIC', { contentId: '' }], ['x.MOV', { contentId: '' }]), {});
});

test('a short video belongs to the picture of its name, a long one stands alone', () => {
  assert.deepEqual(bundled('a.jpg', ['a.mp4', { duration: 10 }]), { 'a.mp4': 'video of a.jpg' });
  assert.deepEqual(bundled('a.jpg', ['a.mp4', { duration: 10.1 }]), {});
  assert.deepEqual(bundled('a.jpg', ['a.mp4', { duration: Number.NaN }]), { 'a.mp4': 'video of a.jpg' });
  assert.deepEqual(bundled('a.jpg', 'a.heic', 'a.mov'), { 'a.mov': 'video of a.heic' });
  assert.deepEqual(bundled('a.jpg', 'a.cr2', 'a.mov'), { 'a.cr2': 'raw of a.jpg', 'a.mov': 'video of a.jpg' });
  assert.deepEqual(bundled('a.mov', 'a.mp4', 'b.jpg'), {});
});

test('sidecars belong to the file they name, or to the bundle of their name', () => {
  assert.deepEqual(bundled('a.jpg', 'a.png', 'a.png.xmp', 'a.jpg.XMP', 'a.xmp', 'a.aae'), {
    'a.png.xmp': 'sidecar of a.png',
    'a.jpg.XMP': 'sidecar of a.jpg',
    'a.xmp': 'sidecar of a.jpg',
    'a.aae': 'sidecar of a.jpg',
  });
  assert.deepEqual(bundled('a.jpg', 'a.cr2', 'a.cr2.xmp'), {
    'a.cr2': 'raw of a.jpg',
    'a.cr2.xmp': 'sidecar of a.jpg',
  });
  assert.deepEqual(bundled('b.xmp', 'c.jpg.xmp', 'c.cr2', 'd.txt', 'd.txt.xmp', 'e.xmp', 'e.xmp.xmp', '.xmp'), {});
  assert.deepEqual(bundled('a.jpg', ['a.avi', { duration: 60 }], 'a.thm', 'b.thm', 'b.jpg', 'c.mp4', 'c.xmp'), {
    'a.thm': 'sidecar of a.avi',
    'b.thm': 'sidecar of b.jpg',
    'c.xmp': 'sidecar of c.mp4',
  });
});

test('an edited version is the picture, its original and all that belongs to it are parts', () => {
  assert.deepEqual(
    bundled('IMG_1234.HEIC', 'IMG_1234.MOV', 'IMG_1234.AAE', 'IMG_O1234.AAE', 'IMG_E1234.JPG', 'IMG_E1234.MOV'),
    {
      'IMG_1234.HEIC': 'original of IMG_E1234.JPG',
      'IMG_1234.MOV': 'video of IMG_E1234.JPG',
      'IMG_1234.AAE': 'sidecar of IMG_E1234.JPG',
      'IMG_O1234.AAE': 'sidecar of IMG_E1234.JPG',
      'IMG_E1234.MOV': 'video of IMG_E1234.JPG',
    },
  );
  assert.deepEqual(bundled('x.jpg', 'x.cr2', 'x.cr2.xmp', 'x-Edit.tif'), {
    'x.jpg': 'original of x-Edit.tif',
    'x.cr2': 'raw of x-Edit.tif',
    'x.cr2.xmp': 'sidecar of x-Edit.tif',
  });
  assert.deepEqual(bundled('x.dng', 'x-edited.jpg'), { 'x.dng': 'original of x-edited.jpg' });
  for (const edited of ['x-bearbeitet.jpg', 'x-modifié.jpg', 'x-modifié.jpg'.normalize('NFD'), 'X-MODIFIÉ.JPG']) {
    assert.deepEqual(bundled('x.jpg', edited), { 'x.jpg': `original of ${edited}` });
  }
  assert.deepEqual(bundled('IMG_E1234.JPG', 'x-edited.jpg', 'y.jpg', 'y-edited.dng', 'z.mov', 'z-edited.jpg'), {});
});

test('of several versions the last is the picture, the others stand alone', () => {
  assert.deepEqual(bundled('x.jpg', 'x~2.jpg', 'x~10.jpg', 'x-edited.jpg'), { 'x.jpg': 'original of x~10.jpg' });
  assert.deepEqual(bundled('x.jpg', 'x~2.jpg', 'x~2~2.jpg'), {
    'x.jpg': 'original of x~2~2.jpg',
    'x~2.jpg': 'original of x~2~2.jpg',
  });
  assert.deepEqual(bundled('x.jpg', 'x.png', 'x-edited.png', 'x.cr2'), {
    'x.png': 'original of x-edited.png',
    'x.cr2': 'raw of x.jpg',
  });
});

test('videos are edited too', () => {
  const long = { duration: 60 };
  assert.deepEqual(bundled(['IMG_1.MOV', long], ['IMG_E1.MOV', long], 'IMG_1.xmp'), {
    'IMG_1.MOV': 'original of IMG_E1.MOV',
    'IMG_1.xmp': 'sidecar of IMG_E1.MOV',
  });
});

test('names are bytes, not always of text', () => {
  const image = { type: 'image', duration: null, contentId: null } as const;
  const files = [
    { ...image, id: 1, name: '\xe9t\xe9.jpg' },
    { ...image, id: 2, name: '\xc9T\xc9.CR2' },
    { ...image, id: 3, name: fromText('Été.png') },
  ];
  assert.deepEqual(bundlesOf(files).get(2)?.main, 1);
});

const name = fc
  .tuple(
    fc.constantFrom('a', 'A', 'img_1', 'IMG_E1', 'img_e12', 'img_o1', 'é', '__proto__', '', '...', '\xff'),
    fc.array(fc.constantFrom('~2', '~3', '-edited', '(1)', '.jpg', '.CR2', '~2~2'), { maxLength: 3 }),
    fc.constantFrom(
      '.jpg',
      '.JPG',
      '.png',
      '.heic',
      '.cr2',
      '.dng',
      '.mov',
      '.mp4',
      '.xmp',
      '.aae',
      '.thm',
      '.txt',
      '',
    ),
  )
  .map(([stem, marks, ending]) => stem + marks.join('') + ending);

const dir = fc.uniqueArray(name, { maxLength: 60, size: 'max' }).chain((names) =>
  fc.tuple(
    ...names.map((text, id) =>
      fc.record({
        id: fc.constant(id),
        name: fc.constant(text === '\xff' ? text : fromText(text)),
        type: fc.oneof(
          { weight: 9, arbitrary: fc.constant(fileType(Buffer.from(text))) },
          { weight: 1, arbitrary: fc.constantFrom('image' as const, 'video' as const, 'sidecar' as const) },
        ),
        duration: fc.constantFrom(null, 3, 60),
        contentId: fc.constantFrom(null, null, 'A', 'B'),
      }),
    ),
  ),
);

test('a main file is there and is nobody’s part; the order of the files does not matter', () => {
  fc.assert(
    fc.property(dir, fc.array(fc.nat(), { minLength: 60, maxLength: 60 }), (files: BundleFile[], order) => {
      const parts = bundlesOf(files);
      const byId = new Map(files.map((file) => [file.id, file]));
      for (const [id, { main, role }] of parts) {
        const [part, head] = [byId.get(id), byId.get(main)];
        assert.ok(part && head && !parts.has(main));
        assert.ok(head.type === 'image' || head.type === 'video');
        const types = { raw: 'image', video: 'video', sidecar: 'sidecar', original: head.type };
        assert.equal(part.type, types[role]);
      }
      const shuffled = files.map((file, i) => ({ file, key: order[i] ?? 0 })).sort((a, b) => a.key - b.key);
      const again = bundlesOf(shuffled.map(({ file }) => file));
      assert.deepEqual(new Map([...again].sort()), new Map([...parts].sort()));
    }),
    { numRuns: 500 },
  );
});

test('the case of names does not matter where they differ in more than that', () => {
  fc.assert(
    fc.property(dir, (files: BundleFile[]) => {
      const upper = (text: string): string => text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
      const distinct = [...new Map(files.map((file) => [upper(file.name), file])).values()];
      const loud = distinct.map((file) => ({ ...file, name: upper(file.name) }));
      assert.deepEqual(bundlesOf(loud), bundlesOf(distinct));
    }),
  );
});

test('the work on a dir with hostile names grows with its files, not with their square', () => {
  const dots = '.'.repeat(2000);
  const named = (n: number, name: (i: number) => string) =>
    Array.from({ length: n }, (_, id) => fileNamed(name(id), id, { contentId: id % 8 === 0 ? 'A' : '' }));
  const dirs: Record<string, { files: number; name: (i: number) => string; grows?: number }> = {
    'four of a stem': {
      files: 12_500,
      name: (i) => `IMG_${i >> 2}${['.jpg', '.cr2', '.xmp', '~2.jpg'][i % 4] ?? ''}`,
    },
    'one name in many cases': {
      files: 12_500,
      name: (i) => {
        const stem = Array.from({ length: 16 }, (_, bit) => ((i >> bit) & 1 ? 'A' : 'a')).join('');
        return stem + (['.heic', '.mov', '.xmp', '.cr2'][i % 4] ?? '');
      },
    },
    dots: { files: 250, name: (i) => `${dots}${i}.jpg` },
    // Four times as many of these are sixteen times as many letters.
    'edited again and again': { files: 250, name: (i) => `x${'~2'.repeat(i)}.jpg`, grows: 4 },
  };
  for (const [what, { files, name, grows = 1 }] of Object.entries(dirs)) {
    const sizes = new Map([files, 4 * files].map((n) => [n, named(n, name)]));
    const times = growth(files, (n) => void bundlesOf(sizes.get(n) ?? []));
    assert.ok(times < 10 * grows, `${what}: ${times} times`);
    assert.equal(bundlesOf(sizes.get(files) ?? []).size > 0, what !== 'dots');
  }
});
