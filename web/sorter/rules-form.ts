import type Type from 'typebox';
import Value from 'typebox/value';
import type { ErrorReport } from '../../model/errors.ts';
import { SortingRules, type SortingCondition } from '../../model/sorting.ts';
import type { Web } from '../shared.ts';

/** Rules of a storage path as they were typed: all text. */
export interface RulesText {
  pattern: string;
  rules: RuleText[];
}
export type RuleText = Record<RuleField, string>;

const conditions = ['type', 'date', 'camera', 'country', 'extensions', 'dir'] as const;
export const ruleFields = [...conditions, 'pattern'] as const;
export type RuleField = (typeof ruleFields)[number];

export const noRule: RuleText = {
  ...{ type: '', date: '', camera: '', country: '', extensions: '', dir: '', pattern: '' },
};

/** Why rules can't be saved; `rule` null: the main pattern. */
export interface RulesProblem extends ErrorReport {
  rule: number | null;
}

const rule = SortingRules.properties.rules.items.properties;

/** What the schema says of each field, for people. */
export const described: Record<RuleField, Type.TSchema & { title?: string; description?: string }> = {
  ...rule.when.properties,
  pattern: rule.pattern,
};

export const toText = ({ pattern, rules }: SortingRules): RulesText => ({
  pattern,
  rules: rules.map(({ when, pattern: own }) => ({
    ...noRule,
    ...when,
    extensions: when.extensions?.join(' ') ?? '',
    pattern: own,
  })),
});

/** A form's body as text; rules without anything are rows that were left empty. */
export function readRules(body: unknown): RulesText {
  const fields = new Map<string, unknown>(Object.entries(typeof body === 'object' && body !== null ? body : {}));
  const texts = (name: string): string[] => {
    const given = fields.get(name);
    const all: unknown[] = Array.isArray(given) ? given : [given];
    return all.filter((value) => typeof value === 'string').map((value) => value.trim());
  };
  const columns = ruleFields.map((field) => [field, texts(`rule-${field}`)] as const);
  const rows = Math.max(...columns.map(([, values]) => values.length));
  const rules = Array.from({ length: rows }, (_, i): RuleText => {
    const given = columns.map(([field, values]): [string, string] => [field, values[i] ?? '']);
    return { ...noRule, ...Object.fromEntries(given) };
  });
  return {
    pattern: texts('pattern')[0] ?? '',
    rules: rules.filter((row) => ruleFields.some((field) => row[field] !== '')),
  };
}

/** The rules that the text means; they may not be valid ones. */
export const toRules = ({ pattern, rules }: RulesText): SortingRules => ({
  pattern,
  rules: rules.map(({ pattern: own, ...row }) => {
    const extensions = row.extensions.split(/[\s,;]+/).flatMap((word) => word.replace(/^\./, '') || []);
    const given = conditions.filter((field) => row[field] !== '').map((field) => [field, row[field]]);
    // What the schema does not know is told beside the rule.
    const when = Object.fromEntries(given) as SortingCondition;
    return {
      when: {
        ...when,
        ...(when.country && { country: when.country.toUpperCase() }),
        ...(row.extensions !== '' && { extensions }),
      },
      pattern: own,
    };
  }),
});

/** What speaks against rules: against the schema, and patterns that can't be read. */
export function problemsOf(rules: SortingRules, check: Web['sorter']['check']): RulesProblem[] {
  const invalid = Value.Errors(SortingRules, rules).map(({ instancePath, message }): RulesProblem => {
    const [, list, index, ...rest] = instancePath.split('/');
    const field = ruleFields.find((name) => name === list || rest.includes(name));
    const text = field === undefined ? 'A condition is needed.' : `${described[field].title ?? field}: ${message}.`;
    return {
      rule: list === 'rules' && index !== undefined ? Number(index) : null,
      code: 'setting.invalid',
      message: text,
    };
  });
  const patterns = [[null, rules.pattern] as const, ...rules.rules.map(({ pattern }, i) => [i, pattern] as const)];
  const unread = patterns.flatMap(([index, pattern]): RulesProblem[] => {
    const report = pattern === '' ? null : check(pattern);
    return report ? [{ rule: index, ...report }] : [];
  });
  return [...invalid, ...unread];
}
