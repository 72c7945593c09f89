import type { PlannedDir } from '../../model/move-plan.ts';
import { Name } from '../parts.tsx';
import { bytes, count, counted } from '../words.ts';

export interface TreeProps {
  /** The dirs below each open dir, by its key. */
  levels: Map<string, PlannedDir[]>;
  /** The dir whose files are shown; null: all. */
  chosen: string | null;
  /** It is told how many files need a person's eyes. */
  eyes: boolean;
  /** The page with another dir, at what is chosen. */
  href: (dir: string | null) => string;
}

/** What goes where, dir by dir; a dir opens when it is chosen. */
export function PlanTree(props: TreeProps) {
  const { chosen, href } = props;
  return (
    <nav class="tree" aria-label="Where files go">
      <a class="all" href={href(null)} aria-current={chosen === null ? 'true' : undefined}>
        Everything
      </a>
      <Level under="" {...props} />
    </nav>
  );
}

function Level({ under, ...props }: TreeProps & { under: string }) {
  const { levels, chosen, eyes, href } = props;
  const dirs = levels.get(under);
  if (!dirs || dirs.length === 0) return null;
  return (
    <ul>
      {dirs.map((dir) => (
        <li id={dir.key === chosen ? 'chosen' : undefined}>
          <a href={href(dir.key)} aria-current={dir.key === chosen ? 'true' : undefined}>
            <span
              class={dir.hasDirs ? (levels.has(dir.key) ? 'mark open' : 'mark closed') : 'mark'}
              aria-hidden="true"
            />
            <Name>{dir.path.split('/').at(-1) ?? ''}</Name>
            <span class="quiet numbers">{sizeInWords(dir)}</span>
            {eyes && dir.noted > 0 && <span class="noted numbers">{count(dir.noted)} to look at</span>}
          </a>
          <Level under={dir.key} {...props} />
        </li>
      ))}
    </ul>
  );
}

const sizeInWords = ({ files, left, bytes: size }: PlannedDir): string =>
  [
    ...(files > left ? [counted(files - left, 'file'), bytes(size)] : []),
    ...(left > 0 ? [`${count(left)} stay`] : []),
  ].join(', ');
