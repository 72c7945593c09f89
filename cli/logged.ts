import { createLogger, type Logger } from '../engine/logger.ts';
import { reportOf } from '../model/errors.ts';

/** Runs a part of the house that prints nothing but lines of its log: Node's warnings and its last words are such, too. */
export async function logged(part: string, work: (log: Logger) => Promise<void>): Promise<void> {
  const log = createLogger(part);
  process.removeAllListeners('warning');
  process.on('warning', (warning) => log.warn(warning.message));
  const end = (error: unknown): never => {
    const { code, message } = reportOf(error);
    log.fatal({ error }, `${code}: ${message}`);
    process.exit(1);
  };
  process.on('uncaughtException', end);
  await work(log).catch(end);
}
