import type { PhotoFile } from '../../model/library.ts';
import type { Face } from '../../model/people.ts';
import { Boxes } from '../faces/boxes.tsx';
import { shownAs } from './media-types.ts';

interface StageProps {
  file: PhotoFile;
  /** The video of a Live Photo. */
  live: PhotoFile | undefined;
  faces?: readonly Face[];
}

/** The picture or video itself, as large as the screen allows. */
export function Stage({ file, live, faces = [] }: StageProps) {
  const poster = file.thumb && file.hash !== null ? `/thumbs/${file.hash}-1440.webp` : undefined;
  const clip = live ? `/originals/${live.id}` : file.motion ? `/originals/${file.id}/clip` : null;
  if (file.type === 'video' && shownAs(file.name).inline) {
    return <video src={`/originals/${file.id}`} poster={poster} controls preload="metadata" aria-label={file.name} />;
  }
  if (poster === undefined) return <NoPicture file={file} />;
  return (
    <>
      <img
        src={poster}
        alt={file.title ?? file.name}
        width={file.width ?? undefined}
        height={file.height ?? undefined}
        data-thumbhash={file.thumbhash ?? undefined}
      />
      {faces.length > 0 && file.width !== null && file.height !== null && (
        <Boxes faces={faces} width={file.width} height={file.height} />
      )}
      {clip !== null && (
        <details class="clip" data-clip>
          <summary>Play the clip</summary>
          <video src={clip} controls muted preload="none" aria-label={`The clip of ${file.name}`} />
        </details>
      )}
    </>
  );
}

function NoPicture({ file }: { file: PhotoFile }) {
  return (
    <div class="blank">
      <span class="kind">{file.type}</span>
      <p>
        {file.error
          ? 'There is no preview: see why beside it.'
          : file.readAt === null
            ? 'Not read yet. The preview is made in a moment.'
            : file.type === 'other'
              ? 'Neither its name nor its content says that this is a picture or a video.'
              : 'There is no preview of this kind of file.'}
      </p>
    </div>
  );
}
