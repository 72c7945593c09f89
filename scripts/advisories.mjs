/**
 * `npm run advisories`: asks the package registry which known weaknesses the installed packages have. Those that do not
 * concern this program are in advisories.json, each with the reason; any other makes it fail. It is not a part of the tests:
 * what is known changes from day to day, what was committed does not.
 */
import { readFileSync } from 'node:fs';
import { run } from './setup/programs.mjs';

/**
 * The advisories of a report of `npm audit --json`, apart by whether there is a reason why they are no danger here.
 * @param {unknown} report
 * @param {{ package: string, advisory: string, why: string }[]} reasons
 */
function judge(report, reasons) {
  if (typeof report !== 'object' || report === null || !('vulnerabilities' in report))
    throw new Error(`The registry does not tell of advisories: ${report?.message ?? 'its answer is of another kind'}`);
  const all = Object.values(report.vulnerabilities).flatMap(({ via }) =>
    via.filter((each) => typeof each === 'object'),
  );
  const told = new Map(all.map(({ name, title, severity, url }) => [url, { name, title, severity, url }]));
  const reasonFor = ({ name, url }) =>
    reasons.find((each) => each.package === name && url.endsWith(`/${each.advisory}`));
  const found = [...told.values()].map((advisory) => ({ ...advisory, why: reasonFor(advisory)?.why ?? null }));
  return { dangers: found.filter(({ why }) => why === null), noDangers: found.filter(({ why }) => why !== null) };
}

async function main() {
  const reasons = JSON.parse(readFileSync(new URL('advisories.json', import.meta.url), 'utf8'));
  const { output } = await run('npm', ['audit', '--json']);
  const { dangers, noDangers } = judge(
    JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)),
    reasons,
  );
  for (const { name, title, url, why } of noDangers)
    console.log(`no danger here: ${name}: ${title} (${url})\n  ${why}`);
  for (const { name, title, url, severity } of dangers) console.log(`${severity}: ${name}: ${title} (${url})`);
  if (dangers.length > 0) process.exitCode = 1;
  else console.log('No known weakness concerns this program.');
}

await main().catch((error) => {
  console.error(error.message);
  process.exitCode = 2;
});
