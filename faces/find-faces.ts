import type { Box } from './box.ts';
import { describeFaces, type Described } from './describe.ts';
import { detectFaces, type DetectSettings } from './detect.ts';
import type { Networks } from './networks.ts';
import type { Picture } from './picture.ts';

/** A face that was found in a picture. */
export interface Face extends Described {
  /** In pixels of the picture it was found in. */
  box: Box;
  /** True where the picture's edge goes through it. */
  cut: boolean;
}

export interface FacesOfPicture {
  /** Of the picture that was looked at, in pixels. */
  width: number;
  height: number;
  faces: Face[];
  /** True for a crowd of which there is a larger version: its faces are to be looked for there, none were here. */
  wantsLarger: boolean;
}

/** Finds and describes all faces of a picture. @param hasLarger as for detectFaces */
export async function findFaces(
  networks: Networks,
  picture: Picture,
  settings: DetectSettings,
  hasLarger = false,
): Promise<FacesOfPicture> {
  const { boxes, wantsLarger } = await detectFaces(networks, picture, settings, hasLarger);
  const described = await describeFaces(networks, picture, boxes);
  const faces = described.map((each, i) => {
    const box = boxes[i];
    if (!box) throw new Error('There are more descriptions than boxes.');
    return { ...each, box, cut: isCutByFrame(box, picture) };
  });
  const { width, height } = picture;
  return { width, height, faces, wantsLarger };
}

/** Pictures end in the middle of faces; what is left of them is a doubtful ground for a name. */
function isCutByFrame({ left, top, width, height }: Box, picture: Picture): boolean {
  const reach = 0.01 * Math.max(width, height);
  return (
    left <= reach || top <= reach || left + width >= picture.width - reach || top + height >= picture.height - reach
  );
}
