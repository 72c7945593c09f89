/** Where the clip of a motion photo lies in the file of its picture, in bytes. */
export interface MotionClip {
  offset: number;
  length: number;
}

/**
 * The MP4 that phones append to a picture (JPEG: after its end; HEIC: in a box of its own): the last `ftyp` in the file
 * that begins a row of boxes with a film and its data. Null where there is none.
 */
export function motionClip(bytes: Buffer): MotionClip | null {
  const offset = bytes.lastIndexOf('ftyp') - 4;
  // At the beginning it is the file's own.
  if (offset <= 0) return null;
  const seen = new Set<string>();
  let end = offset;
  for (;;) {
    const box = boxAt(bytes, end);
    if (!box) break;
    seen.add(box.type);
    end += box.length;
  }
  return seen.has('moov') && seen.has('mdat') ? { offset, length: end - offset } : null;
}

/** ISO 14496-12: length and type of a box; null where there is none, or not all of it. */
function boxAt(bytes: Buffer, offset: number): { type: string; length: number } | null {
  if (offset + 16 > bytes.length) return null;
  const type = bytes.toString('latin1', offset + 4, offset + 8);
  const short = bytes.readUInt32BE(offset);
  const length = short === 1 ? Number(bytes.readBigUInt64BE(offset + 8)) : short;
  const whole = length >= 8 && offset + length <= bytes.length;
  return whole && /^[a-z0-9]{4}$/.test(type) ? { type, length } : null;
}
