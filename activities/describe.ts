import { searchWords } from '../model/search.ts';
import { displayName } from '../model/names.ts';
import { bundlesOf } from '../photos/bundles.ts';
import { countryName } from '../photos/place.ts';
import { whenTaken } from '../photos/when.ts';
import type { DescribedFile, FileToDescribe } from '../sql/described.ts';

/**
 * What the files of a dir are of: which belong together, when each was taken, and what people wrote of it, in the file
 * or in its sidecar. @param now dates after it are nonsense
 */
export function describeFiles(files: readonly FileToDescribe[], now: Date): DescribedFile[] {
  const parts = bundlesOf(files);
  const sidecars = new Map<number, FileToDescribe>();
  for (const file of files) {
    const part = parts.get(file.id);
    if (part?.role === 'sidecar' && file.known) sidecars.set(part.main, file);
  }
  return files.map((file) => {
    const part = parts.get(file.id);
    const sidecar = sidecars.get(file.id);
    const written = {
      title: sidecar?.title ?? file.title,
      description: sidecar?.description ?? file.description,
      rating: sidecar?.rating ?? file.rating,
      labels: [...new Set([...file.labels, ...(sidecar?.labels ?? [])])],
    };
    return {
      id: file.id,
      ...whenTaken({
        metadata: file.known ? file : null,
        sidecar: sidecar ?? null,
        name: displayName(file.name),
        mtime: new Date(Number(BigInt(file.mtimeNs) / 1_000_000n)),
        zone: file.zone,
        now,
      }),
      ...written,
      main: part?.main ?? null,
      part: part?.role ?? null,
      words: wordsOf(file, written, sidecar?.people ?? []),
    };
  });
}

function wordsOf(
  file: FileToDescribe,
  written: Pick<FileToDescribe, 'title' | 'description' | 'labels'>,
  people: readonly string[],
): string[] {
  const { camera, town, region, country } = file;
  return searchWords(
    [
      displayName(file.name),
      written.title,
      ...written.labels,
      ...file.people,
      ...people,
      camera,
      town,
      region,
      country === null ? null : countryName(country),
      // Last, for it may be longer than what is kept of all the words.
      written.description,
    ].join(' '),
  );
}
