/** Says on the console what is being done and how long it takes, and ends the program in plain words when it can't. */

/** A step that can't work: `message` says why, `advice` what the user can do about it. */
export class SetupError extends Error {
  /** @param {string} message @param {string} [advice] */
  constructor(message, advice) {
    super(message);
    this.advice = advice;
  }
}

const { stdout } = process;
// Logs and containers get a line now and then; a terminal gets one line that is written over each second.
const beatMs = stdout.isTTY ? 1000 : 10_000;

const since = (start) => `${((Date.now() - start) / 1000).toFixed(Date.now() - start < 9950 ? 1 : 0)} s`;
const overwrite = (line) => stdout.write(`\r\x1b[2K${line.slice(0, (stdout.columns || 80) - 1)}`);

/**
 * Runs `work`, showing `title`, the time it takes, and the detail it last reported through its first argument.
 * `work` fails by throwing, or by a result that is not `ok`.
 * @template T
 * @param {string} title
 * @param {(report: (detail: string) => void) => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export const step = async (title, work) => {
  const start = Date.now();
  let detail = '';
  const line = () => `${title} … ${detail ? `${detail}, ` : ''}${since(start)}`;
  const show = () =>
    stdout.isTTY ? overwrite(line()) : console.log(`  … ${line().split(' … ').slice(1).join(' … ')}`);
  if (stdout.isTTY) overwrite(`${title} …`);
  else console.log(`${title} …`);
  const beat = setInterval(show, beatMs);
  const end = (word) => {
    clearInterval(beat);
    if (stdout.isTTY) overwrite('');
    console.log(stdout.isTTY ? `${title} … ${word}${since(start)}` : `  ${word || 'done in '}${since(start)}`);
  };
  try {
    const result = await work((text) => {
      detail = text;
    });
    end(result?.ok === false ? 'failed after ' : '');
    return result;
  } catch (error) {
    end('failed after ');
    throw error;
  }
};

/** @param {string} text */
export const say = (text) => console.log(text);

/**
 * Says why the program ends, and sets its exit code. Errors that nobody foresaw keep their stack.
 * @param {string} what
 * @returns {(error: unknown) => void}
 */
export const stop = (what) => (error) => {
  process.exitCode = 1;
  if (!(error instanceof SetupError)) {
    console.error(error);
    return;
  }
  console.error(`\n${what}: ${error.message}`);
  if (error.advice) console.error(`\n${error.advice}`);
  console.error('');
};
