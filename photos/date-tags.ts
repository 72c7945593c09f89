/** A date in the metadata of a file. */
export interface DateTag {
  /** ExifTool's name for it, with its group. */
  name: string;
  /** Where ExifTool puts it, the most exact first: its composites join a date with its fraction of a second and zone. */
  from: readonly string[];
  /** Where its zone may be when it has none itself. */
  offsetFrom?: readonly string[];
  /** Counted in UTC, though it does not say so. */
  utc?: true;
  /** The format demands a zone, so programs write one whether they know it or not. */
  zoneDemanded?: true;
  /** `taken`: when the shutter opened. `made`: when this picture or video began to exist. `changed`: at the latest then. */
  means: 'taken' | 'made' | 'changed';
}

const original: DateTag = {
  name: 'EXIF:DateTimeOriginal',
  from: ['Composite:SubSecDateTimeOriginal', 'EXIF:DateTimeOriginal'],
  offsetFrom: ['EXIF:OffsetTimeOriginal', 'EXIF:OffsetTime'],
  means: 'taken',
};

const made = (name: string, more?: Omit<DateTag, 'name' | 'from' | 'means'>): DateTag => ({
  name,
  from: [name],
  means: 'made',
  ...more,
});
const changed = (name: string, more?: { utc: true }): DateTag => ({ ...made(name, more), means: 'changed' });

/** By the camera's own clock: Apple's, and Sony's beside its videos. */
const videoWithZone = [made('QuickTime:CreationDate'), made('XML:CreationDateValue')];

/** Whatever else says when it recorded: AVI, MTS, Matroska (whose dates are in UTC), cameras' own notes, FLIR, … */
const originalsOfOthers = (tags: Record<string, unknown>): DateTag[] =>
  Object.keys(tags)
    .filter((name) => /^(?!EXIF:|XMP:|Composite:)\w+:DateTimeOriginal$/.test(name))
    .sort()
    .map((name) => made(name, name.startsWith('Matroska:') ? { utc: true } : {}));

const containers = [
  made('QuickTime:ContentCreateDate'),
  // ISO/IEC 14496-12 section 8.2.2: seconds since 1904 in UTC.
  made('QuickTime:CreateDate', { utc: true }),
  made('QuickTime:MediaCreateDate', { utc: true }),
  made('QuickTime:TrackCreateDate', { utc: true }),
  made('ASF:CreationDate'),
  made('RIFF:DateCreated'),
];

const documents: DateTag[] = [
  made('XMP:DateTimeOriginal'),
  made('XMP:DateCreated'),
  {
    name: 'IPTC:DateCreated',
    from: ['Composite:DateTimeCreated', 'IPTC:DateCreated'],
    zoneDemanded: true,
    means: 'made',
  },
  {
    name: 'EXIF:CreateDate',
    from: ['Composite:SubSecCreateDate', 'EXIF:CreateDate'],
    offsetFrom: ['EXIF:OffsetTimeDigitized'],
    means: 'made',
  },
  made('XMP:DateTimeDigitized'),
  {
    name: 'IPTC:DigitalCreationDate',
    from: ['Composite:DigitalCreationDateTime', 'IPTC:DigitalCreationDate'],
    zoneDemanded: true,
    means: 'made',
  },
  made('XMP:CreateDate'),
  made('XML:CreateDate'),
  made('PNG:CreationTime'),
  made('PNG:XmpCreateDate'),
  { name: 'EXIF:GPSDateStamp', from: ['Composite:GPSDateTime', 'EXIF:GPSDateStamp'], means: 'made' },
  made('XMP:GPSDateTime', { utc: true }),
];

const changes: DateTag[] = [
  {
    name: 'EXIF:ModifyDate',
    from: ['Composite:SubSecModifyDate', 'EXIF:ModifyDate'],
    offsetFrom: ['EXIF:OffsetTime'],
    means: 'changed',
  },
  changed('XMP:ModifyDate'),
  changed('XML:ModifyDate'),
  changed('PNG:ModifyDate', { utc: true }),
  changed('QuickTime:ModifyDate', { utc: true }),
  // ImageMagick notes the file's own times; Windows, when a picture was copied from the camera.
  changed('PNG:Datecreate'),
  changed('PNG:Datemodify'),
  changed('XMP:DateAcquired'),
  changed('XMP:MetadataDate'),
];

/** The dates that may tell when a picture was taken, the most trusted first. */
export const dateTags = (tags: Record<string, unknown>): DateTag[] => [
  original,
  ...videoWithZone,
  ...originalsOfOthers(tags),
  ...containers,
  ...documents,
  ...changes,
];

/** Clocks in UTC that ran beside the camera's: the receiver's, and the one Samsung's phones add. */
export const utcClocks = ['Composite:GPSDateTime', 'XMP:GPSDateTime', 'MakerNotes:TimeStamp'] as const;
