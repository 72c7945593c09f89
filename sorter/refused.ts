import { CodedError, type ErrorCode } from '../model/errors.ts';
import { displayName, type ByteString } from '../model/names.ts';
import { hasCode } from './disk.ts';

/** Why a file was not moved. It is where it was. */
export class Refused extends CodedError {
  constructor(code: ErrorCode, path: ByteString, options?: ErrorOptions) {
    super(code, `${sentences[code] ?? 'It could not be moved'}: ${displayName(path)}`, options);
    this.name = 'Refused';
  }
}

const sentences: Partial<Record<ErrorCode, string>> = {
  'root.missing': 'The path does not exist or is not mounted',
  'move.source-gone': 'It is not there any more',
  'move.source-changed': 'It has changed since it was planned',
  'move.name-taken': 'There is something of that name',
  'move.not-a-dir': 'On the way there is a file or a symbolic link, not a directory',
  'move.no-room': 'The disk is full',
  'move.not-allowed': 'The system does not allow it',
  'move.name-too-long': 'The name is too long for that disk',
  'move.disk-failed': 'The disk reports an error',
  'move.copy-differs': 'What was read back from the disk is not what was written',
  'move.lost': 'It is at neither place',
};

const byCode: readonly (readonly [ErrorCode, readonly string[]])[] = [
  ['move.no-room', ['ENOSPC', 'EDQUOT', 'EFBIG']],
  ['move.not-allowed', ['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'ETXTBSY']],
  ['move.name-taken', ['EEXIST', 'EISDIR', 'ENOTEMPTY']],
  ['move.name-too-long', ['ENAMETOOLONG', 'EILSEQ', 'EINVAL']],
  ['move.not-a-dir', ['ENOTDIR', 'ELOOP']],
  [
    'move.disk-failed',
    ['EIO', 'ESTALE', 'ENODEV', 'ENXIO', 'ENOTCONN', 'EHOSTDOWN', 'ETIMEDOUT', 'ENOENT', 'EMFILE', 'ENFILE'],
  ],
];

/** What the system refused, in the words of the sorter. Throws what the system did not say. */
export function refusedBy(error: unknown, path: ByteString): Refused {
  if (error instanceof Refused) return error;
  const known = byCode.find(([, codes]) => hasCode(error, ...codes));
  if (known) return new Refused(known[0], path, { cause: error });
  if (error instanceof Error && 'syscall' in error) return new Refused('move.disk-failed', path, { cause: error });
  throw error;
}
