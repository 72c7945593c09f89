/**
 * The one registry of coded errors. Every failure a user can meet has a code here, and a section in docs/errors.md:
 * what happened, and what a person can do about it. Workflow failures carry the code as their `type`.
 */
export const errorCodes = {
  'root.missing': 'The directory does not exist or is not mounted.',
  'root.not-directory': 'The path is not a directory.',
  'root.unreadable': 'The directory may not be read by the user this runs as.',
  'root.empty': 'The directory is empty, though it held files before. Its disk is probably not mounted.',
  'root.other-device': 'The directory is on another disk than before.',
  'root.unresponsive': 'The disk does not answer.',
  'root.unseen': 'No worker can read this path.',
  'root.unknown': 'There is no such import or storage path.',
  'dir.missing': 'The directory is gone.',
  'dir.unreadable': 'The directory could not be read.',
  'dir.other-device': 'The directory is on another disk than before.',
  'dir.path-too-long': 'The path of the directory is too long.',
  'dir.unknown': 'There is no such directory.',
  'file.missing': 'The file is gone.',
  'file.unreadable': 'The file could not be read.',
  'file.still-written': 'The file was still being written.',
  'file.damaged': 'The file holds other bytes than it did, though nothing wrote to it.',
  'file.unknown': 'There is no such file.',
  'decode.failed': 'The picture could not be decoded.',
  'decode.too-large': 'The picture has more pixels than the limit.',
  'decode.timeout': 'Decoding took longer than the limit.',
  'decode.damaged': 'The file is damaged: only what could be decoded is shown.',
  'decode.no-decoder': 'Videos can not be decoded on this machine.',
  'decode.crashed': 'The decoder crashed on this file.',
  'metadata.failed': 'The metadata could not be read.',
  'faces.failed': 'The picture could not be searched for faces.',
  'faces.timeout': 'Looking for faces took longer than the limit.',
  'move.source-gone': 'The file is not there any more.',
  'move.source-changed': 'The file has changed since it was planned.',
  'move.name-taken': 'There is something of that name.',
  'move.not-a-dir': 'On the way to the new place there is something that is not a directory.',
  'move.no-room': 'The disk is full.',
  'move.not-allowed': 'The system does not allow the move.',
  'move.name-too-long': 'The name can not be had on that disk.',
  'move.disk-failed': 'The disk reports an error.',
  'move.copy-differs': 'What was read back from the disk is not what was written.',
  'move.elsewhere': 'It was moved by another plan, or is being moved.',
  'move.lost': 'The file is at neither place.',
  'plan.unknown': 'There is no such plan.',
  'plan.not-draft': 'The plan is not a draft any more.',
  'plan.not-approved': 'Nobody has approved the plan.',
  'person.unknown': 'There is no such person.',
  'person.name-taken': 'Another person has this name.',
  'refimg.unknown': 'There is no such reference image.',
  'face.unknown': 'There is no such face.',
  'step.failed': 'A step of the job failed.',
  'job.auto-failed': 'Not run, because what it waits for failed.',
  'job.canceled': 'The job was canceled.',
  'job.unknown': 'There is no such job.',
  'job.not-running': 'The job is not running.',
  'job.not-begun': 'It was noted, but what follows from it was not begun: the job server does not answer.',
  'job.not-asking': 'The job does not ask for an approval.',
  'request.invalid': 'The request is not valid.',
  'request.cross-site': 'The request came from another site and was refused.',
  'request.not-found': 'There is no such page.',
  'access.login-needed': 'Nobody is logged in.',
  'access.wrong-password': 'The name or the password is wrong.',
  'access.too-many-tries': 'There were too many tries. Wait a moment.',
  'access.not-allowed': 'Who is logged in may not do that.',
  'access.stale-form': 'The page is from before the login. Load it again.',
  'account.unknown': 'There is no such account.',
  'account.name-taken': 'Another account has this name.',
  'account.last-owner': 'The last owner stays.',
  'setting.invalid': 'A setting is not valid.',
  'setting.path-refused': 'A path cannot be used.',
  'pattern.invalid': 'The pattern of a storage path is not valid.',
  'notify.off': 'There is no address for notifications in the settings.',
  'notify.failed': 'The address for notifications did not take the message.',
  'temporal.unavailable': 'The job server does not answer. Nothing was started.',
  'upload.elsewhere': 'The upload is on another machine, whose worker has to read it.',
  'worker.not-running': 'No such worker runs on this machine.',
  'web.unavailable': 'The web server that keeps the thumbnails does not answer.',
  'web.refused': 'The web server that keeps the thumbnails refuses this worker.',
  'database.unavailable': 'The database does not answer.',
  'database.newer': 'The database belongs to a newer version of Photo Assistant.',
  'database.other-major': 'The database was made by another major version of Postgres.',
  'backup.invalid': 'The file is no backup, or a damaged one.',
  'backup.newer': 'The backup was made by a newer version of Photo Assistant.',
  'backup.not-empty': 'A backup is restored into an empty place only.',
  'backup.not-read': 'The backup could not be read.',
  'backup.not-written': 'The backup could not be written.',
  'backup.unfinished': 'A restore into this data folder was cut off.',
  'house.already-running': 'Photo Assistant is already running on this data folder.',
  'house.folder-gone': 'The data folder was deleted or replaced while Photo Assistant ran on it.',
  'house.port-in-use': 'The port is in use by another program.',
  'house.tool-missing': 'A program that is needed was not found.',
  'house.start-failed': 'A part of Photo Assistant did not start.',
  'config.password-needed': 'It is to be reached from elsewhere, but nobody has set a password.',
  'config.invalid': 'The environment holds a value that cannot be used.',
  internal: 'Something unexpected went wrong. It has been logged.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** An error with a registered code. `message` says what happened to which thing; it defaults to the code's sentence. */
export class CodedError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string = errorCodes[code], options?: ErrorOptions) {
    super(message, options);
    this.name = 'CodedError';
    this.code = code;
  }
}

/** What is stored or sent of an error. */
export interface ErrorReport {
  code: ErrorCode;
  message: string;
}

/** Any thrown value as a report: coded errors keep their code, everything else gets `fallback`. */
export function reportOf(error: unknown, fallback: ErrorCode = 'internal'): ErrorReport {
  if (error instanceof CodedError) return { code: error.code, message: error.message };
  return { code: fallback, message: error instanceof Error ? error.message : String(error) };
}
