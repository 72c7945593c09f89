/** The word that was most likely meant by one that is none of them; null where none comes near. */
export function nearestWord(written: string, words: readonly string[]): string | null {
  const far = Math.max(1, Math.floor(written.length / 3));
  const [nearest] = words
    .map((word) => ({ word, edits: edits(written.toLowerCase(), word) }))
    .filter(({ edits }) => edits <= far)
    .sort((a, b) => a.edits - b.edits);
  return nearest?.word ?? null;
}

/** Levenshtein's distance, with two letters swapped as one edit. */
function edits(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const least = [
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        swapped ? (before[j - 2] ?? 0) + 1 : Infinity,
      ];
      next.push(Math.min(...least));
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
