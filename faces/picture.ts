import sharp from 'sharp';

/** An upright picture as rows of red, green and blue bytes, from left to right and top to bottom. */
export interface Picture {
  data: Buffer;
  width: number;
  height: number;
}

/** Opens a picture file, or the bytes of one, turned upright, in sRGB, without transparency. Throws what libvips says. */
export async function openPicture(source: string | Buffer): Promise<Picture> {
  const pipeline = sharp(source, { limitInputPixels: false, autoOrient: true });
  const { data, info } = await pipeline
    .flatten({ background: '#808080' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** A part of a picture in its pixels. It may reach over the picture's edges. */
export interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A square of pixels that shows a region; `scale`: pixels of the square a pixel of the picture. */
export interface Square {
  /** `[side, side, 3]` */
  data: Uint8Array;
  side: number;
  scale: number;
  /** Where the region's top left corner lies in the square. */
  left: number;
  top: number;
}

/**
 * Shows a region in a square, as large as fits; what is not covered has the colour `around` (0 to 255).
 * @param place where the region lies in the square: `corner` or `middle`
 */
export async function squareOf(
  picture: Picture,
  region: Region,
  side: number,
  { around = 0, place = 'corner' }: { around?: number; place?: 'corner' | 'middle' } = {},
): Promise<Square> {
  const longest = Math.max(region.width, region.height);
  const scale = side / longest;
  const data = new Uint8Array(side * side * 3).fill(around);
  const left = place === 'corner' ? 0 : (side - region.width * scale) / 2;
  const top = place === 'corner' ? 0 : (side - region.height * scale) / 2;
  const [x1, y1] = [Math.max(0, Math.round(region.left)), Math.max(0, Math.round(region.top))];
  const x2 = Math.min(picture.width, Math.round(region.left + region.width));
  const y2 = Math.min(picture.height, Math.round(region.top + region.height));
  if (x2 <= x1 || y2 <= y1) return { data, side, scale, left, top };
  const atX = within(left + (x1 - region.left) * scale, side);
  const atY = within(top + (y1 - region.top) * scale, side);
  const width = Math.min(side - atX, Math.max(1, Math.round((x2 - x1) * scale)));
  const height = Math.min(side - atY, Math.max(1, Math.round((y2 - y1) * scale)));
  const shown = await raster(picture)
    .extract({ left: x1, top: y1, width: x2 - x1, height: y2 - y1 })
    .resize(width, height, { fit: 'fill' })
    .raw()
    .toBuffer();
  for (let row = 0; row < height; row++) {
    data.set(shown.subarray(row * width * 3, (row + 1) * width * 3), ((atY + row) * side + atX) * 3);
  }
  return { data, side, scale, left, top };
}

const within = (value: number, side: number): number => Math.min(side - 1, Math.max(0, Math.round(value)));

/** The region made smaller by a factor under 1; the part of it that lies outside the picture is left out. */
export async function shrunk(picture: Picture, region: Region, factor: number): Promise<Picture> {
  const { data, info } = await raster(picture)
    .extract(region)
    .resize(Math.max(1, Math.round(region.width * factor)), Math.max(1, Math.round(region.height * factor)), {
      fit: 'fill',
    })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

const raster = ({ data, width, height }: Picture) =>
  sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });
