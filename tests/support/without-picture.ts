/**
 * The files of camera and mixed of which there is no picture, and why. Nor do other programs get one: ImageMagick 6,
 * FFmpeg 5.1, the tools of libheif and libjxl, and the previews that ExifTool finds were all tried. Most of the JPEGs,
 * which a fuzzer made, give an error there too, or one flat colour: the canvas as it was before anything was decoded, in
 * grey, green or black (with a smudge in a corner, of 56 by 42 pixels of 257 by 8197 in 5baad44c).
 */
export const withoutPicture: Readonly<Record<string, string>> = {
  'camera/bmp/bmpsuite/b/badwidth.bmp': 'Negative or zero image size.',
  'camera/bmp/bmpsuite/q/pal2color.bmp': 'Unsupported bits per pixel.',
  'camera/gif/ImageTestSuite/2b5bc31d84703bfb9f371925f0e3e57d.gif': 'no frames in GIF',
  'camera/gif/ImageTestSuite/5f09a896c191db3fa7ea6bdd5ebe9485.gif': 'no frames in GIF',
  'camera/gif/ImageTestSuite/d5a0175c07418852152ef33a886a5029.gif':
    'This is not a picture of a format that can be decoded here.',
  'camera/heic/IllegalArgumentException.HeifReader.processBoxes.heif': 'Invalid input: Unexpected end of file (2.100)',
  'camera/heic/NullPointerException.HeifPictureHandler.processBox.heif':
    'Decoder plugin generated an error: Unexpected end of file (7.100)',
  'camera/jpg/ImageTestSuite/194531363df5b73f59c4c0517422f917.jpg':
    'Corrupt JPEG data: 6 extraneous bytes before marker 0xfe; Corrupt JPEG data: found marker 0xea instead of RST6',
  'camera/jpg/ImageTestSuite/39f43f280b31152f1d27df3f9d189317.jpg':
    'Corrupt JPEG data: 18 extraneous bytes before marker 0xe0; Corrupt JPEG data: found marker 0xe0 instead of RST6',
  'camera/jpg/ImageTestSuite/3ba6af611cc5467cfdbd5566561b8478.jpg':
    'Corrupt JPEG data: 2 extraneous bytes before marker 0xe0; Invalid component ID 2 in SOS',
  'camera/jpg/ImageTestSuite/46f5d9c1b0fe352353688f736e5617b6.jpg':
    'Corrupt JPEG data: 22 extraneous bytes before marker 0xfe; Corrupt JPEG data: found marker 0xc4 instead of RST0',
  'camera/jpg/ImageTestSuite/5baad44ca4702949724234e35c5bb341.jpg':
    'Corrupt JPEG data: 18 extraneous bytes before marker 0xe0; Corrupt JPEG data: found marker 0xdb instead of RST0',
  'camera/jpg/ImageTestSuite/6903d4538fd33c8fd0ded32cb30d618e.jpg':
    'The picture has 49157 × 27397 pixels; the limit is 300 million.',
  'camera/jpg/ImageTestSuite/754664a12e36abff7950e796c906ae39.jpg':
    'premature end of JPEG image; Invalid JPEG file structure: missing SOS marker',
  'camera/jpg/ImageTestSuite/786b67badc535fc95a4a76c29a0e0146.jpg':
    'Corrupt JPEG data: 40 extraneous bytes before marker 0xfe; Corrupt JPEG data: found marker 0xc4 instead of RST7',
  'camera/jpg/ImageTestSuite/7acc832f70b2ca62e58a953f3b90fd82.jpg':
    'Corrupt JPEG data: 18 extraneous bytes before marker 0xe0; Corrupt JPEG data: found marker 0xc4 instead of RST1',
  'camera/jpg/ImageTestSuite/7dbf474f80e466e9e25ee46b84166420.jpg':
    'Corrupt JPEG data: 40 extraneous bytes before marker 0xfe; Corrupt JPEG data: found marker 0xc4 instead of RST4',
  'camera/jpg/ImageTestSuite/8e330afbd99ba01b66570ed62fcdc6ab.jpg':
    'Warning: unknown JFIF revision number 148.73; Bogus Huffman table definition',
  'camera/jpg/ImageTestSuite/90e46387f562ca8fa106b51dfcda1dc6.jpg':
    'Corrupt JPEG data: 16 extraneous bytes before marker 0xe0; Unsupported JPEG data precision 9',
  'camera/jpg/ImageTestSuite/adcb34b94f4c839bdd29037419a0ee53.jpg': 'Bogus DAC index 74',
  'camera/jpg/ImageTestSuite/b5369bcbddca7135a5708c5237ad64e4.jpg':
    'Corrupt JPEG data: 18 extraneous bytes before marker 0xdb; Bogus DAC value 0x2',
  'camera/jpg/ImageTestSuite/bd8cf05698aee36b82b4caf58edea442.jpg':
    'Corrupt JPEG data: 2 extraneous bytes before marker 0xe0; Invalid component ID 3 in SOS',
  'camera/jpg/ImageTestSuite/c4ced510f44a9bfe85c696c05a7f791d.jpg':
    'Corrupt JPEG data: 2 extraneous bytes before marker 0xe0; Invalid component ID 2 in SOS',
  'camera/jpg/ImageTestSuite/c52ffdd6a0346c4d09271f8ccbdfd5a3.jpg': 'Bogus Huffman table definition',
  'camera/jpg/ImageTestSuite/c8c1a5675f82021d92b928a10c597bad.jpg':
    'Corrupt JPEG data: 14 extraneous bytes before marker 0xe0; Corrupt JPEG data: found marker 0xe8 instead of RST3',
  'camera/jpg/ImageTestSuite/cc23dd79637b606cf5ba234a037e17ba.jpg':
    'Warning: unknown JFIF revision number 4.73; Bogus DAC index 217',
  'camera/jpg/ImageTestSuite/cc4ee796d16c9fe68978166c7cd1ae1b.jpg':
    'Corrupt JPEG data: 1 extraneous bytes before marker 0x01; Corrupt JPEG data: found marker 0xc4 instead of RST7',
  'camera/jpg/ImageTestSuite/ce380515a534e8226209daae00e7b4e8.jpg':
    'Corrupt JPEG data: 17 extraneous bytes before marker 0xe0; Invalid component ID 2 in SOS',
  'camera/jpg/ImageTestSuite/de4ae285a275bcfe2ac87c0126742552.jpg':
    'Warning: unknown JFIF revision number 228.02; Bogus DAC index 68',
  'camera/jpg/ImageTestSuite/de5884cec093257d239f3b8be3e2f2e5.jpg':
    'Corrupt JPEG data: 40 extraneous bytes before marker 0xfe; Corrupt JPEG data: found marker 0xc4 instead of RST6',
  'camera/jpg/ImageTestSuite/e18bb52107598f65b81b02be2c6c5124.jpg':
    'Warning: unknown JFIF revision number 148.73; Bogus DQT index 9',
  'camera/jpg/ImageTestSuite/eddea4ef9629be031f750a8ff0b7497c.jpg':
    'Corrupt JPEG data: 27 extraneous bytes before marker 0xdb; Too many color components: 17, max 10',
  'camera/jpg/ImageTestSuite/eecb78b937a7c5f04aae2f5b0f5b5acc.jpg':
    'Corrupt JPEG data: 6 extraneous bytes before marker 0xfe; Corrupt JPEG data: found marker 0xc4 instead of RST0',
  'camera/jpg/ImageTestSuite/f012a4321f00f12af6b1eee7580ffb9c.jpg':
    'This is not a picture of a format that can be decoded here.',
  'camera/jpg/ImageTestSuite/f8e19feecd246156b5d7e79efc455e99.jpg':
    'Corrupt JPEG data: 40 extraneous bytes before marker 0xfe; Corrupt JPEG data: found marker 0xc4 instead of RST6',
  'camera/jpg/ImageTestSuite/fddcfc778ada60229380c2493fc4c243.jpg':
    'Corrupt JPEG data: 764 extraneous bytes before marker 0xd9; Invalid JPEG file structure: missing SOS marker',
  'camera/jpg/beach.jpg': 'Empty JPEG image (DNL not supported)',
  'camera/tif/ImageTestSuite/m1-42c19f8e79e582bef107f372f18a074b.tif':
    'This is not a picture of a format that can be decoded here.',
};
