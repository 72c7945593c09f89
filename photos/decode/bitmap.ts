/**
 * A BMP in the form other programs read. OS/2 wraps its bitmaps in an array header of 14 bytes ("BA"), with offsets
 * that count from it; and a size field that claims more than there is, is set right.
 */
export function unwrapBitmap(bytes: Buffer): Buffer {
  const wrapped = bytes.toString('latin1', 0, 2) === 'BA' && bytes.toString('latin1', 14, 16) === 'BM';
  const header = 14;
  const bitmap = Buffer.from(wrapped ? bytes.subarray(header) : bytes);
  if (bitmap.length < header) return bitmap;
  if (wrapped) bitmap.writeUInt32LE(Math.max(0, bitmap.readUInt32LE(10) - header), 10);
  bitmap.writeUInt32LE(bitmap.length, 2);
  return bitmap;
}
