import { CodedError, errorCodes, type ErrorCode } from '../model/errors.ts';
import { displayName, type ByteString } from '../model/names.ts';
import { hasCode } from './disk.ts';

/** Why a file was not moved. It is where it was. */
export class Refused extends CodedError {
  constructor(code: ErrorCode, path: ByteString, options?: ErrorOptions) {
    super(code, `${displayName(path)}: ${errorCodes[code]}`, options);
    this.name = 'Refused';
  }
}

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
