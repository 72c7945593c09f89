import type { PlannedDir } from '../../model/move-plan.ts';
import { Name } from '../parts.tsx';
import { bytes, count, counted } from '../words.ts';

export interface TreeProps {
  /** The dirs below each open dir, by its key. */
  levels: Map<string, PlannedDir[]>;
  /** The dir whose files are shown; null: all. */
  chosen: string | null;
  /** The page with another dir. */
  href: (dir: string | null) => string;
}

/** What goes where, dir by dir; a dir opens when it is chosen. */
export function PlanTree({ levels, chosen, href }: TreeProps) {
  return (
    <nav class="tree" aria-label="Where files go">
      <a class="all" href={href(null)} aria-current={chosen === null ? 'true' : undefined}>
        Everything
      </a>
      <Level under="" levels={levels} chosen={chosen} href={href} />
    </nav>
  );
}

function Level({ under, levels, chosen, href }: TreeProps & { under: string }) {
  const dirs = levels.get(under);
  if (!dirs || dirs.length === 0) return null;
  return (
    <ul>
      {dirs.map((dir) => (
        <li>
          <a href={href(dir.key)} aria-current={dir.key === chosen ? 'true' : undefined}>
            <span
              class={dir.hasDirs ? (levels.has(dir.key) ? 'mark open' : 'mark closed') : 'mark'}
              aria-hidden="true"
            />
            <Name>{dir.path.split('/').at(-1) ?? ''}</Name>
            <span class="quiet numbers">
              {counted(dir.files - dir.left, 'file')}, {bytes(dir.bytes)}
              {dir.left > 0 && `, ${count(dir.left)} stay`}
            </span>
            {dir.noted > 0 && <span class="noted numbers">{count(dir.noted)} to look at</span>}
          </a>
          <Level under={dir.key} levels={levels} chosen={chosen} href={href} />
        </li>
      ))}
    </ul>
  );
}
