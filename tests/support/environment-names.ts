import { readConfig } from '../../config.ts';

const asked = new Set<string>();
readConfig(
  new Proxy<NodeJS.ProcessEnv>(
    {},
    {
      get(_, name) {
        asked.add(String(name));
        return undefined;
      },
    },
  ),
);

/** What the system and npm set by themselves. */
const fromElsewhere = ['HOME', 'INIT_CWD'];

/** The environment variables that configure the product: all that config.ts looks at. */
export const environmentNames: readonly string[] = [...asked].filter((name) => !fromElsewhere.includes(name)).sort();
