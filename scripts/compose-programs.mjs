/**
 * `npm run compose-programs`: builds with Go what temporal-compose.yml runs of other people, so that its test runs the very
 * servers it names instead of the development server. Takes minutes the first time; kept in .tools/.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from './sources.mjs';

const compose = readFileSync(path.join(root, 'temporal-compose.yml'), 'utf8');
const server = /temporalio\/server:([\d.]+)/.exec(compose)?.[1];
const modules = [
  ['go.temporal.io/server', server, { 'cmd/server': 'temporal-server', 'cmd/tools/sql': 'temporal-sql-tool' }],
  // What Docker Compose itself reads such files with.
  ['github.com/compose-spec/compose-go/v2', '2.16.2', { cmd: 'compose-spec' }],
];

for (const [module, version, commands] of modules) {
  const place = path.join(root, '.tools', `${Object.values(commands)[0]}-${version}`);
  if (existsSync(place)) continue;
  console.log(`Building ${module} ${version} with Go …`);
  const draft = `${place}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  for (const [source, name] of Object.entries(commands)) {
    const env = { ...process.env, GOBIN: draft };
    execFileSync('go', ['install', '-trimpath', `${module}/${source}@v${version}`], { env, stdio: 'inherit' });
    renameSync(path.join(draft, path.basename(source)), path.join(draft, name));
  }
  renameSync(draft, place);
}
