/** `npm run drill -- NAME`: tries out, in a throw-away place, what one hopes never to need. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const names = readdirSync(join(import.meta.dirname, 'drills'))
  .filter((name) => name.endsWith('.mjs') && name !== 'support.mjs')
  .map((name) => name.replace('.mjs', ''));
const [name = ''] = process.argv.slice(2);
if (names.includes(name)) await import(`./drills/${name}.mjs`);
else {
  console.error(`npm run drill -- NAME, with one of these: ${names.join(', ')}`);
  process.exitCode = 1;
}
