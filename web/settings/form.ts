import type Type from 'typebox';
import Value from 'typebox/value';
import { CodedError, type ErrorReport } from '../../model/errors.ts';
import { Settings } from '../../model/settings.ts';
import { followUp } from '../jobs/follow-up.ts';
import type { Web } from '../shared.ts';

/** The settings form as it was typed: all text. */
export interface FormText {
  importPaths: string[];
  storagePaths: string[];
  lists: Record<ListField, string>;
  choices: Record<ChoiceField, string>;
  numbers: Record<NumberField, string>;
  switches: Record<SwitchField, boolean>;
  times: Record<TimeField, string>;
  addresses: Record<AddressField, string>;
}

export const numberFields = [
  ...(['ioWorkers', 'chainWindow', 'missingDays', 'missingShare', 'missingFiles', 'checkShare'] as const),
  ...(['settleSeconds', 'rescanHours', 'cpuShare', 'diskRate', 'pauseAboveLoad'] as const),
  ...(['faceMinScore', 'faceMinSize'] as const),
  ...(['nameThreshold', 'namePerhaps', 'nameMargin'] as const),
];
export type NumberField = (typeof numberFields)[number];

/** Lists of names, one a line. */
export const listFields = ['ignore', 'junk'] as const;
export type ListField = (typeof listFields)[number];

/** Settings of which one of a few words is chosen. */
export const choiceFields = ['faceDetector', 'faceTiles'] as const;
export type ChoiceField = (typeof choiceFields)[number];

export const switchFields = [
  ...(['watchImports', 'pauseOnBattery', 'notifyFailures', 'notifyApprovals', 'notifyImports'] as const),
  ...(['lookForFaces', 'oncePerPhoto'] as const),
];
export type SwitchField = (typeof switchFields)[number];

/** Times of day, as 24 hours and minutes; empty where that means something. */
export const timeFields = ['nightlyAt', 'quietFrom', 'quietTo', 'diskFrom', 'diskTo'] as const;
export type TimeField = (typeof timeFields)[number];

/** Addresses on the web; empty for none. */
export const addressFields = ['notifyUrl'] as const;
export type AddressField = (typeof addressFields)[number];

const ofEach = <K extends string, V>(names: readonly K[], value: (name: K) => V): Record<K, V> =>
  Object.fromEntries(names.map((name) => [name, value(name)])) as Record<K, V>;

/** Why a setting can't be saved. `index` tells which path of a list. */
export interface Problem extends ErrorReport {
  field: keyof Settings;
  index: number | null;
}

/** What the schema says of each setting, for people. */
export const described: Record<keyof Settings, Type.TSchema & { title?: string; description?: string }> =
  Settings.properties;

/** The words that may be chosen. */
export const choicesOf = (name: ChoiceField): readonly string[] => Settings.properties[name].enum;

export const pathFields = ['importPaths', 'storagePaths'] as const;

export const toText = (settings: Settings): FormText => ({
  importPaths: settings.importPaths,
  storagePaths: settings.storagePaths,
  lists: ofEach(listFields, (name) => settings[name].join('\n')),
  choices: ofEach(choiceFields, (name) => settings[name]),
  numbers: ofEach(numberFields, (name) => String(settings[name])),
  switches: ofEach(switchFields, (name) => settings[name]),
  times: ofEach(timeFields, (name) => settings[name]),
  addresses: ofEach(addressFields, (name) => settings[name]),
});

/** A form's body as text fields; empty rows of paths are rows that were taken out. */
export function readForm(body: unknown): FormText {
  const fields = typeof body === 'object' && body !== null ? new Map(Object.entries(body)) : new Map<string, unknown>();
  const texts = (name: string) => [fields.get(name) ?? []].flat().filter((value) => typeof value === 'string');
  const text = (name: string) => texts(name)[0] ?? '';
  const paths = (name: string) =>
    texts(name)
      .map((path) => path.trim())
      .filter((path) => path !== '');
  return {
    importPaths: paths('importPaths'),
    storagePaths: paths('storagePaths'),
    lists: ofEach(listFields, text),
    choices: ofEach(choiceFields, text),
    numbers: ofEach(numberFields, text),
    // A box that is not ticked is not sent.
    switches: ofEach(switchFields, (name) => fields.has(name)),
    times: ofEach(timeFields, text),
    addresses: ofEach(addressFields, (name) => text(name).trim()),
  };
}

/** The settings that the text means; they may not be valid ones. */
export const toSettings = (form: FormText): Settings => ({
  ...ofEach(numberFields, (name) => Number(form.numbers[name].trim() || NaN)),
  ...form.switches,
  ...form.times,
  ...form.addresses,
  // What the schema does not know is told beside the field.
  ...(form.choices as Pick<Settings, ChoiceField>),
  importPaths: form.importPaths,
  storagePaths: form.storagePaths,
  ...ofEach(listFields, (name) => linesOf(form.lists[name])),
});

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** What speaks against the settings: against the schema, and paths that can't be used. */
export async function findProblems(settings: Settings, checkPath: Web['checkPath']): Promise<Problem[]> {
  const invalid = Value.Errors(Settings, settings).flatMap(({ instancePath, message }): Problem[] => {
    const [, field = '', index] = instancePath.split('/');
    if (!isField(field)) return [];
    const text = `${described[field].title ?? field}: ${message}.`;
    return [{ field, index: index === undefined ? null : Number(index), code: 'setting.invalid', message: text }];
  });
  const all = [...settings.importPaths, ...settings.storagePaths];
  const paths = pathFields.flatMap((field) => settings[field].map((path, index) => ({ field, index, path })));
  const refused = await Promise.all(
    paths.map(async ({ field, index, path }, place): Promise<Problem[]> => {
      if (all.indexOf(path) < place)
        return [{ field, index, code: 'setting.path-refused', message: 'This path is listed twice.' }];
      const report = await checkPath(path);
      return report === null ? [] : [{ field, index, ...report }];
    }),
  );
  return [...invalid, ...refused.flat()];
}

const isField = (name: string): name is keyof Settings => Object.hasOwn(Settings.properties, name);

/** True for a path that may be saved all the same: its disk may come back. */
export const mayComeBack = (problem: Problem): boolean => problem.code.startsWith('root.');

/**
 * The problems that forbid saving: all but those of paths that were saved before (their disk may be away today), and,
 * where a person said so, of paths that may come back.
 */
export function forbidding(
  problems: readonly Problem[],
  settings: Settings,
  saved: Settings,
  acceptMissing: boolean,
): Problem[] {
  return problems.filter((problem) => {
    if (!mayComeBack(problem)) return true;
    const { field, index } = problem;
    const path =
      (field === 'importPaths' || field === 'storagePaths') && index !== null ? settings[field][index] : undefined;
    return !acceptMissing && !(path !== undefined && [...saved.importPaths, ...saved.storagePaths].includes(path));
  });
}

const searchFields = ['faceDetector', 'faceTiles', 'faceMinScore', 'faceMinSize'] as const;
const nameSettings = ['nameThreshold', 'namePerhaps', 'nameMargin', 'oncePerPhoto'] as const;

/** What was changed that pictures scanned before know nothing of: how faces are found, or only how they are named. */
export function changedFaces(before: Settings, after: Settings): 'search' | 'names' | null {
  if (searchFields.some((name) => before[name] !== after[name])) return 'search';
  return nameSettings.some((name) => before[name] !== after[name]) ? 'names' : null;
}

/** What was changed, to be remembered: from what to what. */
export const changedSettings = (before: Settings, after: Settings): Record<string, string> =>
  Object.fromEntries(
    Object.keys(described)
      .filter(isField)
      .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
      .map((name) => [name, `${JSON.stringify(before[name])} → ${JSON.stringify(after[name])}`]),
  );

/** Saves settings without problems, and tells the engine. Throws job.not-begun. */
export async function save({ library, jobs, live }: Web, settings: Settings): Promise<void> {
  if (!Value.Check(Settings, settings)) throw new CodedError('setting.invalid');
  await library.save(settings);
  await followUp(null, () => jobs.settingsSaved());
  live.wake();
}
