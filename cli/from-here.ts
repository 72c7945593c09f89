import path from 'node:path';

/** A path from where the user stands (npm changes the working directory and leaves the original in INIT_CWD). */
export const fromHere = (file: string): string => path.resolve(process.env.INIT_CWD ?? process.cwd(), file);
