import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryDir } from './support/house.ts';

/** What `npm run advisories` says and ends with, where npm answers this. */
async function advisories(t: TestContext, answer: unknown): Promise<{ code: number; said: string }> {
  const dir = temporaryDir(t);
  writeFileSync(path.join(dir, 'answer'), JSON.stringify(answer));
  writeFileSync(path.join(dir, 'npm'), `#!/bin/sh\necho 'npm warn of something' >&2\ncat '${dir}/answer'\nexit 1\n`, {
    mode: 0o755,
  });
  const env = { ...process.env, PATH: `${dir}${path.delimiter}${process.env.PATH}` };
  return await new Promise((done) => {
    const child = execFile(process.execPath, ['scripts/advisories.mjs'], { env }, (_, stdout, stderr) =>
      done({ code: child.exitCode ?? -1, said: stdout + stderr }),
    );
  });
}

const advisory = (name: string, id: string) => ({
  [name]: {
    name,
    via: [
      { name, title: `a weakness of ${name}`, severity: 'high', url: `https://github.com/advisories/${id}` },
      'another package below it',
    ],
  },
});

test('known weaknesses of packages: one with a reason is told with it, any other fails', async (t) => {
  const reasoned = advisory('ip', 'GHSA-2p57-rm9w-gvfp');
  const clean = await advisories(t, { vulnerabilities: { ...reasoned, werift: { name: 'werift', via: ['ip'] } } });
  assert.equal(clean.code, 0, clean.said);
  assert.match(clean.said, /no danger here: ip: a weakness of ip .*\n {2}It misjudges/);
  const other = {
    ...reasoned,
    ...advisory('ip-more', 'GHSA-2p57-rm9w-gvfp'),
    ...advisory('tar', 'GHSA-0000-0000-0000'),
  };
  const dangerous = await advisories(t, { vulnerabilities: other });
  assert.equal(dangerous.code, 1, dangerous.said);
  assert.deepEqual(dangerous.said.split('\n').filter((line) => line.startsWith('high:')).length, 2, dangerous.said);
});

test('a registry that tells of no advisories is not taken for one that knows of none', async (t) => {
  const { code, said } = await advisories(t, { message: '405 Method Not Allowed' });
  assert.equal(code, 2, said);
  assert.match(said, /does not tell of advisories: 405/);
});
