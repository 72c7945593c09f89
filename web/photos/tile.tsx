import type { PhotoTile } from '../../model/library.ts';
import { dayInWords, duration } from '../words.ts';

/** Tiles narrower or wider than this are cropped a little instead. */
const ratioOf = ({ thumb, width, height }: PhotoTile): number =>
  thumb && width && height ? Math.min(3, Math.max(0.5, width / height)) : 1;

interface TileProps {
  file: PhotoTile;
  /** What is said on the tile's corner. */
  label?: string | null;
  /** The viewer's arrows stay in this dir. */
  dir?: number;
  /** A box of the form `file` lies on it. */
  choosable?: boolean;
}

/** A grid of pictures. `dir`: the viewer's arrows stay in it. */
export const Tiles = ({ files, dir }: { files: readonly PhotoTile[]; dir?: number }) => (
  <ul class="grid">
    {files.map((file) => (
      <Tile file={file} {...(dir !== undefined && { dir })} />
    ))}
  </ul>
);

/** One picture of a grid; a plain tile with the name where there is no thumbnail. */
export function Tile({ file, label = null, dir, choosable = false }: TileProps) {
  const ratio = ratioOf(file);
  const height = 240;
  const badge = badgeOf(file);
  return (
    <li id={`photo-${file.id}`} class="tile" data-ratio={ratio.toFixed(3)}>
      <a href={dir === undefined ? `/photos/${file.id}` : `/photos/${file.id}?dir=${dir}`}>
        {file.thumb && file.hash !== null ? (
          <img
            src={`/thumbs/${file.hash}-320.webp`}
            alt={altText(file)}
            width={Math.round(height * ratio)}
            height={height}
            loading="lazy"
            decoding="async"
            data-thumbhash={file.thumbhash ?? undefined}
          />
        ) : (
          <span class={`blank ${file.error ? 'bad' : ''}`}>
            <span class="kind">
              {file.error ? 'could not be read' : file.readAt === null ? 'not read yet' : file.type}
            </span>
            <bdi class="name">{file.name}</bdi>
          </span>
        )}
        {badge !== null && <span class="badge">{badge}</span>}
        {label !== null && <span class="day">{label}</span>}
      </a>
      {choosable && <input type="checkbox" name="file" value={file.id} aria-label={`Choose ${file.name}`} />}
    </li>
  );
}

/** What a tile does not show of itself. */
function badgeOf({ thumb, type, duration: seconds, motion, parts }: PhotoTile): string | null {
  if (!thumb) return null;
  if (type === 'video') return seconds === null ? 'video' : duration(seconds);
  const words = [
    ...(motion || parts.includes('video') ? ['Live'] : []),
    ...(parts.includes('raw') ? ['RAW'] : []),
    ...(parts.includes('original') ? ['edited'] : []),
  ];
  return words.length > 0 ? words.join(' · ') : null;
}

const altText = (file: PhotoTile): string =>
  file.takenAt === null ? file.name : `${file.name}, ${dayInWords(file.takenAt)}`;
