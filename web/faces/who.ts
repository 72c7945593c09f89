import type { Face } from '../../model/people.ts';

/** Who a face is, in a few words. */
export function whoIs({ marked, name }: Face): string {
  if (marked === 'not a face') return 'Not a face';
  if (marked === 'ignored') return 'Ignored';
  if (name === null) return 'Unknown';
  return name.perhaps ? `Perhaps ${name.person.name}` : name.person.name;
}
