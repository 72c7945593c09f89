import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { projectDir } from '../config.ts';

const home = path.join(projectDir, '.tools', 'face-recognition');

/** What face_recognition needs, without what it would compile: dlib comes compiled. */
const packages = [
  'dlib-bin==20.0.1.post1',
  'face_recognition==1.3.0',
  'face_recognition_models==0.3.0',
  'numpy',
  'Pillow',
  'click',
  // The last that has pkg_resources, by which the models are found.
  'setuptools<81',
];

/** The Python in which face_recognition is installed, once for this project; null, with a word on it, where that fails. */
export function pythonWithFaceRecognition(): string | null {
  const python = path.join(home, 'bin', 'python');
  const works = () => execFileSync(python, ['-I', '-W', 'ignore', '-c', 'import face_recognition'], { stdio: 'pipe' });
  try {
    if (existsSync(python)) {
      works();
      return python;
    }
  } catch {
    // What is there is half done, or of a Python that has gone: it is made anew.
  }
  try {
    console.log('  installing face_recognition beside this project, once');
    rmSync(home, { recursive: true, force: true });
    execFileSync('python3', ['-m', 'venv', home], { stdio: 'pipe' });
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', ...packages], { stdio: 'pipe' });
    works();
    return python;
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n').slice(0, 3).join(' ') : String(error);
    console.log(`  not compared with face_recognition, which could not be installed: ${why}`);
    return null;
  }
}
