import pino, { type Logger } from 'pino';

export type { Logger };

/** Lines of JSON on standard output, each with the part of the house that it is from. */
export const createLogger = (
  part: string,
  write: (line: string) => unknown = (line) => process.stdout.write(line),
): Logger =>
  pino(
    {
      base: { part },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.err },
    },
    { write: (line: string) => void write(harmless(line)) },
  );

/**
 * JSON escapes line breaks and the control characters below a space. Some terminals also obey those from U+007F to U+009F,
 * some programs break lines at U+2028 and U+2029, and the marks of writing direction make text look like what it is not.
 */
const harmless = (line: string): string =>
  line.replaceAll(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
