import Value from 'typebox/value';
import { Settings, StoredSettings } from '../model/settings.ts';
import type { Database, Queries } from './database.ts';
import { setRoots } from './roots.ts';

/** The settings, with defaults for what was never set. */
export async function readSettings(sql: Queries): Promise<Settings> {
  const roots = await sql<{ kind: 'import' | 'storage'; path: string }[]>`
    SELECT kind, path FROM root WHERE removed_at IS NULL ORDER BY id`;
  const of = (kind: 'import' | 'storage') => roots.filter((root) => root.kind === kind).map((root) => root.path);
  return { importPaths: of('import'), storagePaths: of('storage'), ...(await readStoredSettings(sql)) };
}

/** The settings that are rows of table `setting`. A row that no longer fits the schema counts as not set. */
export async function readStoredSettings(sql: Queries): Promise<StoredSettings> {
  const rows = await sql<{ key: string; value: unknown }[]>`SELECT key, value FROM setting`;
  const fitting = rows.filter(
    ({ key, value }) => isStoredKey(key) && Value.Check(StoredSettings.properties[key], value),
  );
  return Value.Parse(
    StoredSettings,
    Value.Default(StoredSettings, Object.fromEntries(fitting.map((r) => [r.key, r.value]))),
  );
}

const isStoredKey = (key: string): key is keyof StoredSettings => Object.hasOwn(StoredSettings.properties, key);

/** Writes all settings in one transaction. Paths left out are kept as removed, with what is known of their files. */
export async function saveSettings(sql: Database, settings: Settings): Promise<void> {
  const { importPaths, storagePaths, ...stored } = Value.Parse(Settings, settings);
  await sql.begin(async (tx) => {
    await setRoots(tx, { importPaths, storagePaths });
    for (const [key, value] of Object.entries(stored)) {
      await tx`
        INSERT INTO setting (key, value) VALUES (${key}, ${tx.json(value)})
        ON CONFLICT (key) DO UPDATE SET value = excluded.value`;
    }
  });
}
