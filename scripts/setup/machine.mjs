import { canInstallPackages, installPackages } from './debian.mjs';
import { tail, which } from './programs.mjs';
import { SetupError, say, step } from './steps.mjs';

/** exiftool, which reads the photos' metadata, is a Perl program; other systems bring Perl or a build with it inside. */
export const perl = {
  needed: () => process.platform === 'linux' && which('perl') === undefined,

  run: async () => {
    const advice = 'Install it with your system’s packages, for example `apt-get install perl` or `apk add perl`.';
    const why = 'perl is not there, and exiftool needs it to read the photos’ metadata.';
    if (!canInstallPackages()) throw new SetupError(why, advice);
    const { ok, output } = await step('Installing perl, which exiftool needs', (report) =>
      installPackages(['perl'], report),
    );
    if (!ok) throw new SetupError(`${why} apt-get could not install it:\n\n${tail(output)}`, advice);
  },
};

const browsers = ['chromium', 'chromium-browser', 'google-chrome'];

/** A browser for the tests of the pages. Without one they are skipped, and everything else is still tested. */
export const browser = {
  needed: () => !process.env.PHOTO_ASSISTANT_CHROMIUM && !browsers.some((name) => which(name)),

  run: async () => {
    const skipped =
      'The browser tests will be skipped: there is no chromium on PATH, and none named by PHOTO_ASSISTANT_CHROMIUM.';
    if (!canInstallPackages()) return say(skipped);
    const { ok, output } = await step('Installing chromium for the browser tests', (report) =>
      installPackages(['chromium'], report),
    );
    if (!ok) say(`${skipped} apt-get could not install it:\n\n${tail(output)}`);
  },
};

const makers = { 'mkfs.vfat': 'dosfstools', 'mkfs.exfat': 'exfatprogs', 'mount.exfat-fuse': 'exfat-fuse' };

/** What makes the disks that tests move files to. Without it these tests are skipped; only root can mount disks at all. */
export const disks = {
  needed: () => canInstallPackages() && Object.keys(makers).some((name) => !which(name)),

  run: async () => {
    const { ok, output } = await step('Installing programs that make disks for the tests', (report) =>
      installPackages(Object.values(makers), report),
    );
    if (!ok) say(`Some tests of disks will be skipped. apt-get could not install what makes them:\n\n${tail(output)}`);
  },
};
