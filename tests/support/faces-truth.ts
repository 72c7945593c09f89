import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Type from 'typebox';
import Value from 'typebox/value';
import { modelDir } from '../../faces/backend.ts';
import { overlap } from '../../faces/box.ts';
import type { FacesOfPicture } from '../../faces/find-faces.ts';
import { realPictures } from './real-pictures.ts';

const folder = path.join(realPictures, 'faces');
const truthFile = path.join(folder, 'ground-truth.json');

/** Why tests of them are skipped; false where they are there. */
export const noFacePictures = !existsSync(truthFile) && `the pictures of faces are not at ${folder}`;

const Truth = Type.Record(
  Type.String(),
  Type.Object({
    picture: Type.String(),
    faces: Type.Array(
      Type.Object({
        /** Left, top, right, bottom in shares of the picture's sides. */
        box: Type.Tuple([Type.Number(), Type.Number(), Type.Number(), Type.Number()]),
        name: Type.Optional(Type.Union([Type.String(), Type.Null()])),
        /** From the side, looking down, or half hidden. */
        hard: Type.Boolean(),
      }),
    ),
  }),
);

export interface KnownFace {
  box: { left: number; top: number; width: number; height: number };
  name: string | null;
  hard: boolean;
}

/** A picture with the faces that a person saw in it. */
export interface KnownPicture {
  id: string;
  path: string;
  faces: KnownFace[];
}

/** Three group pictures of persons with reference images, then six of strangers, which come with the networks. */
export function knownPictures(): KnownPicture[] {
  const truth = Value.Parse(Truth, JSON.parse(readFileSync(truthFile, 'utf8')));
  return Object.entries(truth).map(([id, { picture, faces }]) => ({
    id,
    path: existsSync(path.join(folder, picture))
      ? path.join(folder, picture)
      : path.join(modelDir, '..', 'demo', path.basename(picture)),
    faces: faces.map(({ box: [left, top, right, bottom], name, hard }) => ({
      box: { left, top, width: right - left, height: bottom - top },
      name: name ?? null,
      hard,
    })),
  }));
}

/** The found faces that are this one. */
export const facesAt = ({ width, height, faces }: FacesOfPicture, { box }: KnownFace) =>
  faces.filter(
    (face) =>
      overlap(
        {
          left: face.box.left / width,
          top: face.box.top / height,
          width: face.box.width / width,
          height: face.box.height / height,
        },
        box,
      ) > 0.3,
  );

/** Tight crops of 150 px, five a person. */
export function crops(): { person: string; path: string }[] {
  const people = ['amy', 'bernadette', 'howard', 'leonard', 'penny', 'raj', 'sheldon', 'stuart'];
  return people.flatMap((person) =>
    [1, 2, 3, 4, 5].map((n) => ({ person, path: path.join(folder, person, `${person}${n}.png`) })),
  );
}
