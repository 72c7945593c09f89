/**
 * A file as Canon's cameras write RAW (CR2): a TIFF whose first image is the camera's own JPEG, with bytes that stand for
 * the data of the sensor behind it.
 * @param orientation EXIF, 1 to 8: the JPEG inside does not tell it
 */
export function rawFile(jpeg: Buffer, { orientation = 1, sensorBytes = 1000 } = {}): Buffer {
  const make = Buffer.from('Canon\0');
  const model = Buffer.from('Canon EOS 40D\0');
  const entries = 8;
  const texts = 16 + 2 + entries * 12 + 4;
  const picture = texts + make.length + model.length;
  const head = Buffer.alloc(texts);
  head.write('II*\0', 0, 'latin1');
  head.writeUInt32LE(16, 4);
  head.write('CR\x02\0', 8, 'latin1');
  head.writeUInt16LE(entries, 16);
  const [short, long, ascii] = [3, 4, 2];
  // TIFF 6.0, section 2: tag, type, count, and the value or where it lies.
  const fields: [number, number, number, number][] = [
    [0x0100, short, 1, 4000],
    [0x0101, short, 1, 3000],
    [0x0103, short, 1, 6],
    [0x010f, ascii, make.length, texts],
    [0x0110, ascii, model.length, texts + make.length],
    [0x0111, long, 1, picture],
    [0x0112, short, 1, orientation],
    [0x0117, long, 1, jpeg.length],
  ];
  for (const [i, [tag, type, count, value]] of fields.entries()) {
    const at = 18 + i * 12;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeUInt32LE(count, at + 4);
    head.writeUInt32LE(value, at + 8);
  }
  return Buffer.concat([head, make, model, jpeg, Buffer.alloc(sensorBytes, 0x55)]);
}
