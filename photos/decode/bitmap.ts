/** The header of the file, and that of the bitmap: Windows' and OS/2's second, which begins in the same way. */
const fileHeader = 14;
const windowsHeader = 40;
const os2Header = 64;
/** None, and two kinds of run lengths; what OS/2 calls by higher numbers is something else on Windows. */
const commonCompressions = [0, 1, 2];

/**
 * A BMP in the form other programs read. OS/2 wraps its bitmaps in an array header of 14 bytes ("BA"), with offsets
 * that count from it, and has a longer header, after which ImageMagick takes the colours for those of its first version;
 * and a size field that claims more than there is, is set right.
 */
export function unwrapBitmap(bytes: Buffer): Buffer {
  const wrapped = bytes.toString('latin1', 0, 2) === 'BA' && bytes.toString('latin1', 14, 16) === 'BM';
  const bitmap = Buffer.from(wrapped ? bytes.subarray(fileHeader) : bytes);
  if (bitmap.length < fileHeader) return bitmap;
  if (wrapped) bitmap.writeUInt32LE(Math.max(0, bitmap.readUInt32LE(10) - fileHeader), 10);
  bitmap.writeUInt32LE(bitmap.length, 2);
  return withWindowsHeader(bitmap);
}

function withWindowsHeader(bitmap: Buffer): Buffer {
  const long = bitmap.length >= fileHeader + os2Header && bitmap.readUInt32LE(fileHeader) === os2Header;
  if (!long || !commonCompressions.includes(bitmap.readUInt32LE(fileHeader + 16))) return bitmap;
  const short = Buffer.concat([
    bitmap.subarray(0, fileHeader + windowsHeader),
    bitmap.subarray(fileHeader + os2Header),
  ]);
  short.writeUInt32LE(short.length, 2);
  short.writeUInt32LE(Math.max(0, bitmap.readUInt32LE(10) - (os2Header - windowsHeader)), 10);
  short.writeUInt32LE(windowsHeader, fileHeader);
  return short;
}
