/**
 * True where the colour box of an AVIF or HEIC (`colr`, type `nclx`) tells of colours beyond those of a screen: ITU-T
 * H.273 primaries of BT.2020 or P3, or the transfer functions of PQ or HLG. libvips and ImageMagick take all for sRGB.
 */
export function isHighDynamicRange(bytes: Buffer): boolean {
  const at = bytes.subarray(0, headBytes).indexOf('colrnclx');
  if (at < 0 || at + 12 > bytes.length) return false;
  const primaries = bytes.readUInt16BE(at + 8);
  const transfer = bytes.readUInt16BE(at + 10);
  return [9, 11, 12].includes(primaries) || [16, 18].includes(transfer);
}

/** The box is part of the description of the items, which comes before their data. */
const headBytes = 64 * 1024;
