import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parsePathMap, pathHere, type PathMap } from './path-map.ts';

const name = fc.stringMatching(/^[a-zé .]{1,3}$/).map((text) => text.replaceAll(/^\s|\s$/g, '_'));
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => `/${names.join('/')}`);
const pathMap: fc.Arbitrary<PathMap> = fc.uniqueArray(fc.tuple(path, path), {
  selector: ([there]) => there,
  maxLength: 5,
});

const below = (path: string, above: string) => path === above || path.startsWith(`${above}/`);

test('the longest prefix decides, in whatever order they are named, and what is below it stays', () => {
  fc.assert(
    fc.property(pathMap, fc.array(name, { maxLength: 3 }), path, (map, names, other) => {
      for (const [there] of [...map, [other] as const]) {
        const asked = [there, ...names].join('/');
        const above = map.filter(([mapped]) => below(asked, mapped));
        const longest = above.find(([mapped]) => above.every(([each]) => each.length <= mapped.length));
        const expected = longest ? longest[1] + asked.slice(longest[0].length) : asked;
        assert.equal(pathHere(map, asked), expected);
        assert.equal(pathHere(map.toReversed(), asked), expected);
      }
    }),
  );
});

test('what is written down is read again, and a map and its reverse lead back', () => {
  fc.assert(
    fc.property(pathMap, name, (map, rest) => {
      assert.deepEqual(parsePathMap(map.map((pair) => pair.join('=')).join(';')), map);
      // Where no two of them lie in each other, on neither side.
      const apart = ([there, here]: PathMap[number], i: number) =>
        map.every(([a, b], j) => i === j || !(below(a, there) || below(there, a) || below(b, here) || below(here, b)));
      const alone = map.filter(apart);
      const back = alone.map(([there, here]) => [here, there] as const);
      for (const [there] of alone)
        assert.equal(pathHere(back, pathHere(alone, `${there}/${rest}`)), `${there}/${rest}`);
    }),
  );
});

test('slashes at ends mean nothing, a name that only begins alike is another, and all of a machine can be elsewhere', () => {
  const map = parsePathMap(' /photos/ = /mnt/nas/photos ; /photos/raw=/raw/;') ?? assert.fail();
  assert.equal(pathHere(map, '/photos/'), '/mnt/nas/photos');
  assert.equal(pathHere(map, '/photos2/a'), '/photos2/a');
  assert.equal(pathHere(map, '/photos/raw/a'), '/raw/a');
  assert.equal(pathHere(map, '/photos/rawer'), '/mnt/nas/photos/rawer');
  assert.equal(pathHere([['/', '/host']], '/a/b'), '/host/a/b');
  assert.equal(pathHere([['/host', '/']], '/host/a'), '/a');
  assert.equal(pathHere([['/host', '/']], '/host'), '/');
});

test('what is no map is refused', () => {
  for (const text of ['photos=/mnt', '/photos=mnt', '/photos', '/a=/b=/c', '/a=/b;/a/=/c', '=/b'])
    assert.equal(parsePathMap(text), null, text);
  assert.deepEqual(parsePathMap(''), []);
});
