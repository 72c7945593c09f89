/** Progressive pictures have some ten; those inside the file count here as well. */
const mostScans = 100;

/**
 * True for a JPEG that paints the same picture over and over again: two kilobytes can keep a decoder at it for minutes.
 * libvips gives up after 100 scans; others do not.
 */
export function hasTooManyScans(jpeg: Buffer): boolean {
  let scans = 0;
  for (let at = jpeg.indexOf(startOfScan); at >= 0 && scans <= mostScans; at = jpeg.indexOf(startOfScan, at + 2))
    scans++;
  return scans > mostScans;
}

/** In the data of a scan no marker occurs. */
const startOfScan = Buffer.from([0xff, 0xda]);
