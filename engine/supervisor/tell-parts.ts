import type { Part } from '../../model/house.ts';

/** Says on the console what becomes of the parts: the first start of each, each restart with its reason, and that it helped. */
export function tellParts(say: (line: string) => void): (part: Part) => void {
  const toldRestarts = new Map<string, number>();
  return ({ name, status, lastExit, restarts }) => {
    const title = titles[name] ?? name;
    if (status === 'starting' && restarts === 0 && !toldRestarts.has(name)) {
      toldRestarts.set(name, 0);
      say(`Starting ${title} …`);
    }
    if (status === 'restarting' && toldRestarts.get(name) !== restarts) {
      toldRestarts.set(name, restarts);
      say(`Starting ${title} again: it ${lastExit}.`);
    }
    if (status === 'running' && restarts > 0) say(`Running again: ${title}.`);
  };
}

const titles: Readonly<Record<string, string>> = {
  postgres: 'Postgres',
  temporal: 'the Temporal server',
  engine: 'the engine worker',
  io: 'the io worker',
  ai: 'the ai worker',
  web: 'the page',
};
