const compressionTag = 259;
const oldJpeg = 6;

/**
 * True where the first picture of a TIFF is compressed by the JPEG of TIFF 6.0, section 22, which was given up soon. Of
 * such a picture libvips makes nothing and FFmpeg one green, and neither says that it is wrong.
 */
export function isOldJpeg(bytes: Buffer): boolean {
  if (bytes.length < 8) return false;
  const little = bytes[0] === 0x49;
  const short = (at: number): number => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const directory = little ? bytes.readUInt32LE(4) : bytes.readUInt32BE(4);
  if (directory + 2 > bytes.length) return false;
  const entries = short(directory);
  for (let i = 0; i < entries; i++) {
    // Tag, type and count come first; a short value lies at the beginning of the last four bytes.
    const entry = directory + 2 + i * 12;
    if (entry + 12 > bytes.length) return false;
    if (short(entry) === compressionTag) return short(entry + 8) === oldJpeg;
  }
  return false;
}
