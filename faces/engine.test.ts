import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import { crops, facesAt, knownPictures, noFacePictures, type KnownPicture } from '../tests/support/faces-truth.ts';
import type { BackendName } from './backend.ts';
import { descriptorLength, distance } from './descriptor.ts';
import type { Face, FacesOfPicture } from './find-faces.ts';
import type { ReferenceFaces } from './find-reference.ts';
import { nameFaces } from './match.ts';
import { nearestOf, referencesOf, type References } from './nearest.ts';
import { createScanner, type BackendFound, type Scanner } from './scanner.ts';

const settings = { detector: 'combined', minScore: 0.25, minSize: 16, tiles: 'as needed' } as const;

/** All that one backend finds, each picture looked at once. */
interface Findings {
  backend: BackendFound;
  pictures: { known: KnownPicture; found: FacesOfPicture }[];
  /** By path. */
  references: Map<string, { person: string; found: ReferenceFaces }>;
}

const findings = new Map<BackendName, Findings>();

before(async () => {
  if (noFacePictures) return;
  const native = createScanner({ wanted: 'tensorflow', processes: 1 });
  const wasm = createScanner({ wanted: 'wasm', processes: 1 });
  try {
    const backend = await native.backend();
    const hasNative = backend.name === 'tensorflow';
    // Where the native one works, a crop of each person shows that the other sees the same, in half the time.
    const some = crops().filter((_, i) => i % 5 === 0);
    const both = [
      look(native, hasNative ? knownPictures() : [], hasNative ? crops() : []),
      look(wasm, knownPictures(), hasNative ? some : crops()),
    ] as const;
    findings.set('tensorflow', await both[0]);
    findings.set('wasm', await both[1]);
  } finally {
    await Promise.all([native.close(), wasm.close()]);
  }
});
after(() => findings.clear());

async function look(
  scanner: Scanner,
  pictures: readonly KnownPicture[],
  references: ReturnType<typeof crops>,
): Promise<Findings> {
  const patience = new AbortController().signal;
  const found: Findings = { backend: await scanner.backend(), pictures: [], references: new Map() };
  for (const known of pictures) {
    found.pictures.push({ known, found: await scanner.findFaces(known.path, settings, patience) });
  }
  for (const { person, path } of references) {
    found.references.set(path, { person, found: await scanner.findReference(path, null, patience) });
  }
  return found;
}

/** What a backend found; null, and the test skipped, where it can't be had. */
function foundBy(wanted: BackendName, t: TestContext): Findings | null {
  const found = findings.get(wanted);
  if (found?.backend.name === wanted) return found;
  // Without the pictures nothing was looked at.
  const why = noFacePictures || `TensorFlow does not load: ${found?.backend.why}`;
  assert.ok(noFacePictures || found?.backend.why, 'it is told why the native one is not used');
  t.skip(why);
  return null;
}

/** A face of a picture that is none of the known ones, where the picture has one more that a person can see. */
const isBearded = ({ box }: Face, { width, height }: FacesOfPicture) =>
  box.left < 0.02 * width && box.left + box.width < 0.12 * width && box.top > 0.1 * height && box.top < 0.3 * height;

for (const wanted of ['tensorflow', 'wasm'] as const) {
  test(`${wanted}: every clear face is found once, and nothing that is none`, (t) => {
    const findings = foundBy(wanted, t);
    if (!findings) return;
    let hard = 0;
    for (const { known, found } of findings.pictures) {
      for (const [i, face] of known.faces.entries()) {
        const at = facesAt(found, face);
        if (face.hard) hard += at.length > 0 ? 1 : 0;
        else assert.equal(at.length, 1, `${known.id}: face ${i + 1} from the left`);
      }
      const seen = known.faces.flatMap((face) => facesAt(found, face));
      const others = found.faces.filter((face) => !seen.includes(face));
      // At the left edge of the second picture sits a man who is not in the list.
      const unknown = others.filter((face) => known.id !== 'bbt2' || !isBearded(face, found));
      assert.deepEqual(
        unknown.map((face) => face.box),
        [],
        known.id,
      );
    }
    t.diagnostic(`${hard} of 3 hard faces`);
    assert.ok(hard >= 2);
  });

  test(`${wanted}: faces have landmarks inside the picture, a descriptor, and say whether the frame cuts them`, (t) => {
    const findings = foundBy(wanted, t);
    if (!findings) return;
    for (const { known, found } of findings.pictures) {
      const clear = known.faces.filter((face) => !face.hard).flatMap((face) => facesAt(found, face));
      for (const { box, landmarks, descriptor, sharpness, cut } of clear) {
        assert.equal(landmarks.length, 68, known.id);
        const [left, right, chin, nose] = [36, 45, 8, 30].map((point) => landmarks[point]!);
        assert.ok(left!.x < right!.x && nose!.x > box.left && nose!.x < box.left + box.width, known.id);
        assert.ok(chin!.y > nose!.y && nose!.y > Math.min(left!.y, right!.y), known.id);
        assert.equal(descriptor.length, descriptorLength);
        assert.ok(descriptor.every(Number.isFinite) && descriptor.some((value) => value !== 0));
        assert.ok(sharpness > 0);
        const reaches = box.left < 1 || box.top < 1 || box.left + box.width > found.width - 1;
        if (reaches) assert.ok(cut, known.id);
      }
    }
  });

  test(`${wanted}: tight crops do as reference images`, (t) => {
    const findings = foundBy(wanted, t);
    if (!findings) return;
    const all = [...findings.references.values()];
    assert.ok(all.length >= 8 && all.every(({ found }) => found.faces.length > 0));
    const seen = all.filter(({ found }) => found.foundBy !== 'assumed');
    t.diagnostic(`${seen.length} of ${all.length} crops have a face`);
    assert.ok(seen.length >= all.length - 1);
  });

  test(`${wanted}: with five reference images a person everybody is named rightly, and no stranger`, (t) => {
    const findings = foundBy(wanted, t);
    if (!findings) return;
    // Reference images that another machine described do as well.
    const { references, people } = referencesTo(mostReferences());
    const rule = { threshold: 0.54, perhaps: 0, margin: 0, oncePerPhoto: true };
    for (const { known, found } of findings.pictures) {
      const faces = found.faces.map(({ box, cut }, id) => {
        return { id, size: Math.max(box.width, box.height), cut, marked: false };
      });
      const likenesses = found.faces.flatMap(({ descriptor }, face) =>
        nearestOf(descriptor, references, 0.7).map((near) => ({ face, ...near })),
      );
      const names = nameFaces(faces, likenesses, [], rule, new Map());
      const nameOf = new Map(names.map((name) => [found.faces[name.face], people[name.person]]));
      for (const face of known.faces) {
        const [seen] = facesAt(found, face);
        assert.equal(seen && (nameOf.get(seen) ?? null), face.name, known.id);
      }
    }
  });
}

const mostReferences = () =>
  [...findings.values()].map(({ references }) => [...references.values()]).sort((a, b) => b.length - a.length)[0]!;

/** The surest face of each crop; a person's number is its place among the people. */
function referencesTo(crops: ReturnType<typeof mostReferences>): { references: References; people: string[] } {
  assert.equal(crops.length, 40);
  const people = [...new Set(crops.map(({ person }) => person))];
  const refimgs = crops.map(({ person, found }, refimg) => {
    const { descriptor } = found.faces.toSorted((a, b) => b.box.score - a.box.score)[0]!;
    return { refimg, person: people.indexOf(person), descriptor };
  });
  return { references: referencesOf(refimgs), people };
}

test('native and WebAssembly find the same faces, and see them within 0.02', (t) => {
  const [native, wasm] = [foundBy('tensorflow', t), foundBy('wasm', t)];
  if (!native || !wasm) return;
  const pairs = [
    ...native.pictures.map(({ found }, i) => [found, wasm.pictures[i]!.found] as const),
    ...[...wasm.references].map(([path, { found }]) => [native.references.get(path)!.found, found] as const),
  ];
  assert.equal(pairs.length, 9 + 8);
  let farthest = 0;
  for (const [i, [one, other]] of pairs.entries()) {
    assert.equal(one.faces.length, other.faces.length, `picture ${i}`);
    for (const face of one.faces) {
      const same = other.faces.find(({ box }) => Math.hypot(box.left - face.box.left, box.top - face.box.top) < 2);
      assert.ok(same, `picture ${i}`);
      farthest = Math.max(farthest, distance(face.descriptor, same.descriptor));
    }
  }
  t.diagnostic(`farthest apart: ${farthest.toFixed(5)}`);
  assert.ok(farthest <= 0.02);
});
