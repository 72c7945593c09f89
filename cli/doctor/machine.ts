import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { pageAddress } from '../../config.ts';
import { assertPageAddressFree } from '../../engine/supervisor/ports.ts';
import { restoringDir } from '../../engine/backup/restoring.ts';
import { checkClockIsKept } from './clock.ts';
import { bad, good, warning, wordsOf, type Finding, type Patient } from './finding.ts';

/** The data folder and who may look into it, the page's port, the clock and the time zone. */
export async function checkMachine(patient: Patient): Promise<Finding[]> {
  return [...checkDataFolder(patient), await checkPort(patient), checkClockIsKept(), checkZone()];
}

function checkDataFolder({ config: { dataDir, houseFile } }: Patient): Finding[] {
  if (!existsSync(dataDir)) return [good('data-folder', `${dataDir} is made at the first start`)];
  const found = [checkRights('data-folder', dataDir, '700', 'thumbnails of all photos are in it')];
  const secrets = [houseFile, path.join(dataDir, 'postgres', 'password')].filter((file) => existsSync(file));
  found.push(...secrets.map((file) => checkRights('secret', file, '600', 'the database’s password is in it')));
  const restoring = restoringDir(dataDir);
  if (existsSync(restoring))
    found.push(bad('restore', 'A restore into the data folder was cut off', `Run it again, or delete ${restoring}.`));
  return found;
}

function checkRights(check: string, file: string, mode: string, why: string): Finding {
  const stat = statSync(file);
  const others = stat.mode & 0o077;
  const own = process.getuid?.();
  if (others !== 0) {
    const text = `${file} is open to other users (${(stat.mode & 0o777).toString(8)}), and ${why}`;
    return bad(check, text, `chmod ${mode} ${file}`);
  }
  if (own !== undefined && own !== 0 && stat.uid !== own) {
    return bad(
      check,
      `${file} belongs to another user (${stat.uid}) than the one this runs as (${own})`,
      'Run it as the user that Photo Assistant runs as.',
    );
  }
  return good(check, `${file} is open to its owner only`);
}

async function checkPort({ config, house }: Patient): Promise<Finding> {
  if (house === null) {
    try {
      await assertPageAddressFree(config.host, config.port);
      return good('port', `Port ${config.port} on ${config.host} is free for the page`);
    } catch (error) {
      return bad('port', wordsOf(error), 'Stop the program that has it, or set PORT to another number.');
    }
  }
  try {
    const { ok } = await fetch(`${house.web}/healthz`, { signal: AbortSignal.timeout(5_000) });
    if (ok) return good('port', `The page answers at ${house.web}`);
  } catch {
    // It is told below.
  }
  const page = pageAddress(config);
  return bad(
    'port',
    `The page at ${house.web} does not answer`,
    `See logs/web.log in the data folder (the environment says ${page}).`,
  );
}

function checkZone(): Finding {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const text = `It is ${new Date().toLocaleString('sv')} here, in the time zone ${timeZone}`;
  // What a system says of which nobody has told it where it stands.
  const isTold = process.env.TZ !== undefined || existsSync('/etc/localtime');
  if (timeZone && isTold) return good('time-zone', text);
  return warning(
    'time-zone',
    `${text}, which nobody has set`,
    'Set TZ, such as TZ=Europe/Berlin: nightly jobs and quiet hours go by it.',
  );
}
