import { parseArgs } from 'node:util';
import { benchChains } from './chains.ts';
import { benchFaces } from './faces.ts';
import { benchFacesScale } from './faces-scale.ts';
import { benchForeground } from './foreground.ts';
import { benchFormats } from './formats.ts';
import { benchHostile } from './hostile.ts';
import { benchScan } from './scan.ts';
import { benchSort } from './sort.ts';
import { benchThumbs } from './thumbs.ts';
import { benchWeb } from './web.ts';

// npm run bench -- [--only scan,thumbs,formats,hostile,chains,sort,faces,names,foreground,web] [--files 100000 --dirs 1000] [--pictures 120] [--chains 300] [--moves 20000] [--faces 1000000] [--rounds 5] [--library 1000000]
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'scan,thumbs,formats,hostile,chains,sort,faces,names,foreground,web' },
    files: { type: 'string', default: '100000' },
    dirs: { type: 'string', default: '1000' },
    pictures: { type: 'string', default: '120' },
    chains: { type: 'string', default: '300' },
    moves: { type: 'string', default: '20000' },
    faces: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    library: { type: 'string', default: '1000000' },
  },
});
const only = values.only.split(',');
if (only.includes('scan')) await benchScan({ files: Number(values.files), dirs: Number(values.dirs) });
if (only.includes('thumbs')) await benchThumbs({ pictures: Number(values.pictures) });
if (only.includes('formats')) await benchFormats();
if (only.includes('hostile')) await benchHostile();
if (only.includes('chains')) await benchChains({ dirs: Number(values.chains) });
if (only.includes('sort')) await benchSort({ files: Number(values.moves) });
if (only.includes('faces')) await benchFaces();
if (only.includes('names')) await benchFacesScale({ faces: Number(values.faces) });
if (only.includes('foreground')) {
  // Enough for an import to last as long as a measurement.
  await benchForeground({ pictures: Number(values.pictures) * 5, rounds: Number(values.rounds) });
}
if (only.includes('web')) await benchWeb({ files: Number(values.library) });
