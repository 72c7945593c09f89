import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import Type from 'typebox';
import Value from 'typebox/value';
import { coded, tableBelow } from './support/doc-tables.ts';

const root = join(import.meta.dirname, '..');
const run = promisify(execFile);

const Report = Type.Object({
  summary: Type.Object({
    violations: Type.Array(
      Type.Object({ from: Type.String(), to: Type.String(), rule: Type.Object({ name: Type.String() }) }),
    ),
    totalDependenciesCruised: Type.Integer(),
  }),
});

/** What dependency-cruiser finds in a project: `violations` as `rule: from → to`, in order. */
const cruise = async (project: string, paths: string[]) => {
  const program = join(root, 'node_modules', '.bin', 'depcruise');
  const args = [program, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...paths];
  const { stdout } = await run(process.execPath, args, { cwd: project, maxBuffer: 64e6 }).catch((error: unknown) =>
    // Its exit code is the number of violations; the report tells them all the same.
    Value.Parse(Type.Object({ stdout: Type.String() }), error),
  );
  const { summary } = Value.Parse(Report, JSON.parse(stdout));
  return {
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).sort(),
    imports: summary.totalDependenciesCruised,
  };
};

/** What each room may import, as the table in ARCHITECTURE.md has it. */
const { config, ...mayImport } = Object.fromEntries(
  tableBelow('ARCHITECTURE.md', '## The rooms').map(([room, below]): [string, string[]] => {
    const [name = ''] = coded(room);
    const others = coded(below);
    // A part of its room that has rules of its own: who may import the room may import that, too.
    const client = [name, ...others].includes('engine') ? ['engine/client'] : [];
    return [name, [...others, ...client]];
  }),
);

/** A file of each room that others may or may not import. */
const targets: Record<string, string> = {
  cli: 'cli/target.ts',
  web: 'web/target.ts',
  engine: 'engine/target.ts',
  'engine/client': 'engine/client/target.ts',
  workflows: 'workflows/target.ts',
  activities: 'activities/target.ts',
  sorter: 'sorter/target.ts',
  photos: 'photos/target.ts',
  faces: 'faces/target.ts',
  sql: 'sql/target.ts',
  model: 'model/target.ts',
  config: 'config.ts',
};

describe('the rooms', () => {
  test('the table has all of them', () => {
    const rooms = Object.keys(targets).filter((name) => name !== 'engine/client' && name !== 'config');
    assert.deepEqual(Object.keys(mayImport).toSorted(), rooms.toSorted());
  });

  test('every import of the product points down', async () => {
    const { include } = Value.Parse(
      Type.Object({ include: Type.Array(Type.String()) }),
      JSON.parse(await readFile(join(root, 'tsconfig.json'), 'utf8')),
    );
    const { violations, imports } = await cruise(root, include);
    assert.deepEqual(violations, []);
    assert.ok(imports > 100, `only ${imports} imports were looked at`);
  });

  describe('the rules bite', () => {
    let project: string;
    let violations: string[];

    const write = async (path: string, text: string) => {
      await mkdir(dirname(join(project, path)), { recursive: true });
      await writeFile(join(project, path), text);
    };

    before(async () => {
      project = await mkdtemp(join(tmpdir(), 'rooms-'));
      for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json']) {
        await copyFile(join(root, name), join(project, name));
      }
      for (const path of Object.values(targets)) await write(path, 'export const thing = 1;\nexport type Thing = 1;\n');
      for (const room of Object.keys(mayImport)) {
        for (const [other, path] of Object.entries(targets)) {
          const specifier = JSON.stringify(`../${path}`);
          const file = `${room}/imports-${other.replace('/', '-')}`;
          if (other !== room) await write(`${file}.ts`, `import { thing } from ${specifier};\nconsole.log(thing);\n`);
        }
      }
      await write('config.ts', "import { thing } from './sql/target.ts';\nconsole.log(thing);\n");
      await write(
        'workflows/types.ts',
        "import type { Thing } from '../activities/target.ts';\nexport type X = Thing;\n",
      );
      await write('photos/types.ts', "import type { Thing } from '../sql/target.ts';\nexport type X = Thing;\n");
      await write('workflows/clock.ts', "import { hrtime } from 'node:process';\nconsole.log(hrtime());\n");
      await write('model/here.ts', "import { there } from './there.ts';\nexport const here = () => there;\n");
      await write('model/there.ts', "import { here } from './here.ts';\nexport const there = () => here;\n");
      await write('tests/house.ts', 'export const thing = 1;\n');
      await write('sql/product.ts', "import { thing } from '../tests/house.ts';\nconsole.log(thing);\n");
      await write('sql/product.test.ts', "import { thing } from '../tests/house.ts';\nconsole.log(thing);\n");
      await write('sql/lost.ts', "import { thing } from './nowhere.ts';\nconsole.log(thing);\n");
      ({ violations } = await cruise(project, ['config.ts', 'tests', ...Object.keys(mayImport)]));
    });
    after(() => rm(project, { recursive: true, force: true }));

    const about = (file: string) => violations.filter((violation) => violation.includes(`: ${file} → `));

    for (const [room, below] of Object.entries(mayImport)) {
      test(`${room} may import ${below.join(', ') || 'no other room'}`, () => {
        for (const other of Object.keys(targets).filter((name) => name !== room)) {
          const refused = about(`${room}/imports-${other.replace('/', '-')}.ts`).length > 0;
          assert.equal(refused, !below.includes(other), `${room} → ${other}: ${refused ? 'refused' : 'allowed'}`);
        }
      });
    }

    test('config.ts may import the model only', () => {
      assert.deepEqual(config, ['model']);
      assert.deepEqual(about('config.ts'), ['config-points-down: config.ts → sql/target.ts']);
    });

    test('workflows may know the types of activities, and other rooms not even types of what is above', () => {
      assert.deepEqual(about('workflows/types.ts'), []);
      assert.deepEqual(about('photos/types.ts'), ['photos-points-down: photos/types.ts → sql/target.ts']);
    });

    test('workflows have nothing of Node', () => {
      assert.deepEqual(about('workflows/clock.ts'), ['workflows-are-pure: workflows/clock.ts → process']);
    });

    test('circles are refused', () => {
      assert.match(about('model/here.ts').join(), /^no-circles: /);
    });

    test('the product needs no tests, but unit tests may use their helpers', () => {
      assert.deepEqual(about('sql/product.ts'), ['nothing-needs-tests: sql/product.ts → tests/house.ts']);
      assert.deepEqual(about('sql/product.test.ts'), []);
    });

    test('an import that leads nowhere is refused', () => {
      assert.match(about('sql/lost.ts').join(), /^no-missing-file: /);
    });
  });
});

describe('where packages come from is the user’s own choice', () => {
  test('the lock file names versions and checksums, and no addresses', async () => {
    const Lock = Type.Object({
      packages: Type.Record(
        Type.String(),
        Type.Object({ resolved: Type.Optional(Type.String()), integrity: Type.Optional(Type.String()) }),
      ),
    });
    const { packages } = Value.Parse(Lock, JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')));
    const { '': _project, ...installed } = packages;
    assert.ok(Object.keys(installed).length > 100);
    for (const [place, { resolved, integrity }] of Object.entries(installed)) {
      assert.equal(resolved, undefined, place);
      assert.match(integrity ?? '', /^sha512-/, place);
    }
  });

  test('no file names the host of a package registry', async (t) => {
    const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
    const listed = await run('git', list, { cwd: root, maxBuffer: 64e6 }).catch(() => undefined);
    if (!listed) return t.skip('not a git checkout');
    // Put together here, so that this file does not name them either.
    const hosts = [
      'registry.npmjs',
      'registry.yarnpkg',
      'pypi',
      'pythonhosted',
      'proxy.golang',
      'deb.debian',
      'mvnrepository',
    ];
    const named = new RegExp(hosts.map((host) => `${host.replace('.', '\\.')}\\.(org|com)`).join('|'));
    const paths = listed.stdout.split('\0').filter(Boolean);
    assert.ok(paths.includes('package.json'));
    for (const path of paths) {
      const text = await readFile(join(root, path), 'utf8').catch(() => ''); // deleted, and not yet committed
      assert.doesNotMatch(text, named, path);
    }
  });
});
