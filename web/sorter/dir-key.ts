/** The dirs that a dir lies in, from the top, and itself last; all by their keys, which hold a path's bytes. */
export function trailOf(key: string): string[] {
  const bytes = Buffer.from(key, 'base64');
  const ends = [...bytes.keys()].filter((i) => bytes[i] === 0x2f);
  return ['', ...ends.map((end) => bytes.subarray(0, end).toString('base64')), ...(key === '' ? [] : [key])];
}
