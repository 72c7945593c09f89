import type { Part, PhotoFile } from '../../model/library.ts';
import { Name } from '../parts.tsx';
import { bytes } from '../words.ts';

/** What each part of a picture is called. */
const words: Record<Part, string> = {
  raw: 'RAW, the data of the sensor',
  video: 'the video of the Live Photo',
  sidecar: 'sidecar, what a program noted about it',
  original: 'the original that was edited',
};

/** The files that are one picture, the one that is looked at among them. */
export const PartsList = ({ bundle, shown }: { bundle: PhotoFile[]; shown: number }) => (
  <section>
    <h2>{bundle.length} files, one picture</h2>
    <ul class="parts">
      {bundle.map((file) => (
        <li>
          {file.id === shown ? (
            <strong aria-current="page">
              <Name>{file.name}</Name>
            </strong>
          ) : (
            <a href={`/photos/${file.id}`}>
              <Name>{file.name}</Name>
            </a>
          )}
          <span class="quiet">
            {file.part === null ? 'the picture that is shown' : words[file.part]} · {bytes(file.size)}
          </span>
        </li>
      ))}
    </ul>
  </section>
);
