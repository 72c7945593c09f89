import { textsOf } from './tag-values.ts';

const makers =
  'agfa|casio|concord|epson|fuji|fujifilm|ge|hp|jenoptik|jvc|kodak|konica|medion|minolta|nikon|olympus|panasonic|pentax|' +
  'polaroid|praktica|ricoh|rollei|samsung|sanyo|seiko|sony|supra|toshiba|traveler|vivitar|yakumo';

/** What cameras and programs write where a person would describe the picture, in lower case. */
const fillers = [
  new RegExp(`^((${makers}) )*(digital (still )?camera|dsc( picture)?|csc|digital image|action cam)$`),
  /^[\\/]?dcim[\\/]/,
  // The name the camera gave the file.
  /^(dsc[nf]?|img|dji|gopr|sam|pict|mvc)[-_]?\d{4,}(\.jpe?g)?$/,
  /^(dcf [\d.]+|magnum \d+|exif[_ -]jpeg[_ -]picture|padbytes|dvc 10\.1 hdmi)$/,
  /^(default|untitled|user comments?|binary comment|type your copyright here\.?)$/,
  /^(charset=)?(ascii?|unicode|jis|undefined)$/,
  /^(creator: |created (with|by) (gimp|imlib|animagic|paint)|lead technologies|file source: https?:|applemark$)/,
  // Programs' own notes of a picture, not meant to be read.
  /^(<|&lt;)\?xml\b|^\{\s*".*\}$/s,
  /^\p{P}+$/u,
];

/** Phones by Huawei and others describe the mode they were in; people who write the same begin with a capital. */
const phoneMode =
  /^(oznor(Hdr|WB)?|r?hdr(pl)?|cof|dav|mde|sdr(_HDRB)?|edf|btf(mdn|hdr)?|nor|rpt|ptr|fbt(hdr)?|[br]bt|btr|qrf|fshbty|frem)$/;

/** Whether nobody wrote a text, but a camera or a program of its own accord; it then says nothing of the picture. */
export function isFiller(text: string, tags: Record<string, unknown>): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (phoneMode.test(text) || /[\x01-\x08\x0e-\x1f]/.test(text)) return true;
  const said = plain(text);
  const [make = '', model = ''] = [tags['EXIF:Make'], tags['EXIF:Model']].map((value) =>
    plain(textsOf(value, 200)[0] ?? ''),
  );
  if ([make, model, `${make} ${model}`].includes(said)) return true;
  const ofTheCamera = new Set(`${make} ${model}`.split(' '));
  const rest = said.split(' ').filter((word) => !ofTheCamera.has(word));
  return [said, rest.join(' ')].some((words) => fillers.some((filler) => filler.test(words)));
}

const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ').trim();
