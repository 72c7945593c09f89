import { Name } from '../parts.tsx';

/** Where a file goes, below the storage path. */
export const GoesTo = ({ path }: { path: string }) => (
  <p class="goes">
    <span aria-hidden="true">→</span>
    <span class="sr">goes to </span>
    <Name>{path}</Name>
  </p>
);
