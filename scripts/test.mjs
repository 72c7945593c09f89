/**
 * `npm test`: the unit tests, then the tests that need servers, two at a time, and beside these the checks of the sources.
 * `npm test -- WORD …` runs only the test files with one of the words in their path, and no checks.
 */
import { availableParallelism } from 'node:os';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { checkSources } from './checks.mjs';
import { filesBelow, isTest, root } from './sources.mjs';

process.chdir(root);
const words = process.argv.slice(2);

const testFiles = filesBelow(root, (dir) => !dir.startsWith('.') && dir !== 'node_modules' && dir !== 'dist')
  .filter((path) => isTest(path) && /\.test\.tsx?$/.test(path))
  .filter((path) => words.length === 0 || words.some((word) => path.includes(word)))
  .sort();

/** In ms. A file that takes longer hangs, and must not keep the others from being told. */
const longestFile = 10 * 60_000;
const needsServers = (path) => path.startsWith('tests/');
const groups = [
  { files: testFiles.filter((path) => !needsServers(path)), concurrency: availableParallelism() },
  // These bring up whole houses, which wait for their parts much of the time: two side by side, more would be in each other's way.
  { files: testFiles.filter(needsServers), concurrency: 2 },
].filter(({ files }) => files.length > 0);

/** Runs the groups and yields what the test runner tells, with one summary for all of them. */
async function* runTests() {
  const sums = new Map();
  let checking;
  for (const { files, concurrency } of groups) {
    // Houses wait for their parts much of the time, and leave a core to the checks.
    if (words.length === 0 && files.some(needsServers)) checking = checkSources();
    for await (const event of run({ files, concurrency, timeout: longestFile, execArgv: ['--import', 'tsx'] })) {
      const [, name, count] = (isOfWholeRun(event) && /^(\w+) ([\d.]+)$/.exec(event.data.message)) || [];
      if (name) sums.set(name, (sums.get(name) ?? 0) + Number(count));
      else yield event;
    }
  }
  const failedChecks = (await checking) ?? [];
  if (failedChecks.length > 0) yield summaryLine(`failed checks: ${failedChecks.join(', ')}`);
  for (const [name, sum] of sums) yield summaryLine(`${name} ${sum}`);
  if (failedChecks.length > 0 || sums.get('fail') || sums.get('cancelled')) process.exitCode = 1;
}

const isOfWholeRun = ({ type, data }) => type === 'test:diagnostic' && data.nesting === 0 && data.file === undefined;
const summaryLine = (message) => ({ type: 'test:diagnostic', data: { nesting: 0, message, level: 'info' } });

if (testFiles.length === 0) {
  console.error(words.length > 0 ? `No test file has ${words.join(' or ')} in its path.` : 'There are no tests.');
  process.exitCode = 1;
} else {
  await pipeline(Readable.from(runTests()), new spec(), process.stdout, { end: false });
}
