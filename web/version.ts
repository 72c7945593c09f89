import { readFileSync } from 'node:fs';
import path from 'node:path';
import Type from 'typebox';
import Value from 'typebox/value';
import { projectDir } from '../config.ts';

const Package = Type.Object({ version: Type.String() });

/** The version of this program, as its package says. */
export const { version } = Value.Parse(
  Package,
  JSON.parse(readFileSync(path.join(projectDir, 'package.json'), 'utf8')),
);
