import { compare } from './faces-compare.ts';
import { ours, type Contender } from './faces-contenders.ts';
import type { TruePicture } from './faces-pictures.ts';
import { familyOf, memoryOf } from '../tests/support/processes.ts';
import { median, megabytes, print, timed } from './report.ts';

const rounds = 5;

/** Previews a second with opening the file, boxes and descriptors, in turns; and the memory of one process meanwhile. */
export async function benchSpeed(
  others: readonly Contender[],
  pictures: readonly TruePicture[],
  crowds: readonly string[],
): Promise<void> {
  const before = new Set(familyOf(process.pid));
  const one = ours('ours, one process', 'tensorflow', 1);
  const two = ours('ours', 'tensorflow', 2);
  const wasm = ours('ours, wasm', 'wasm', 2);
  const all = [two, one, wasm, ...others];
  const files = pictures.map(({ path }) => path);
  let [peak, pid] = [0, 0];
  const sample = () => (peak = Math.max(peak, memoryOf(pid)));
  try {
    const look = (contender: Contender, which: readonly string[]) => lookAll(contender, which);
    await look(one, files.slice(0, 2));
    // What was started and holds the networks is the scanner.
    const started = familyOf(process.pid).filter((each) => !before.has(each));
    pid = started.toSorted((a, b) => memoryOf(b) - memoryOf(a))[0] ?? 0;
    for (const contender of all) if (contender !== one) await look(contender, files.slice(0, 4));

    const rates = new Map<Contender, number[]>(all.map((contender) => [contender, []]));
    for (let round = 0; round < rounds; round++) {
      for (const [contender, its] of rates) {
        const sampling = contender === one ? setInterval(sample, 250) : undefined;
        its.push(files.length / (await timed(() => look(contender, files))));
        clearInterval(sampling);
      }
    }
    // By rounds, for what else the machine has to do changes from one to the next.
    const relative = (to: Contender, from: Contender = two) =>
      median((rates.get(from) ?? []).map((rate, round) => rate / (rates.get(to)?.[round] ?? NaN)));
    const rate = (contender: Contender) => median(rates.get(contender) ?? []);
    const show = (value: number) => `${value.toFixed(1)}/s`;
    const beside = (contenders: readonly Contender[], from: Contender) =>
      contenders.map((each) => ({ name: each.name, value: rate(from) / relative(each, from) }));
    compare({
      what: 'previews a second, two processes',
      ours: rate(two),
      theirs: beside(others, two),
      show,
      goals: [{ than: 'face_recognition', atLeast: 1.6 }],
    });
    compare({
      what: 'previews a second, two processes',
      ours: rate(two),
      theirs: beside([one], two),
      show,
      goals: [{ than: one.name, atLeast: 1.5 }],
    });
    compare({
      what: 'previews a second by WebAssembly',
      ours: rate(wasm),
      theirs: beside([two], wasm).map((each) => ({ ...each, name: 'native' })),
      show,
      goals: [{ than: 'native', atLeast: 0.35 }],
    });
    const onPreviews = peak;
    const sampling = setInterval(sample, 250);
    await look(one, crowds);
    clearInterval(sampling);
    print({
      what: 'memory of a scanner at work',
      measured: megabytes(onPreviews),
      against: `${megabytes(peak)} with crowds of 12 MP, PSS`,
      goal: '≤ 950 MB',
      met: onPreviews > 0 && peak <= 950e6,
    });
  } finally {
    await Promise.all([one, two, wasm].map((contender) => contender.close()));
  }
}

/** As many at a time as the contender has processes. */
async function lookAll(contender: Contender, files: readonly string[]): Promise<void> {
  const waiting = [...files];
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) await contender.look(file);
  };
  await Promise.all(Array.from({ length: contender.processes }, work));
}
