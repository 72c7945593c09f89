/** All workflows by the names they are started with. */
export { addRefimgs } from './add-refimgs.ts';
export { dirChain } from './dir-chain.ts';
export { drawFace } from './draw-face.ts';
export { engine } from './engine.ts';
export { facesOfPath } from './faces-of-path.ts';
export { findFiles } from './find-files.ts';
export { groupFaces } from './group-faces.ts';
export { identifyPerson } from './identify-person.ts';
export { importPath } from './import-path.ts';
export { removeMissing } from './remove-missing.ts';
export { resetFaces } from './reset-faces.ts';
export { measureDistances } from './measure-distances.ts';
export { scanPath } from './scan-path.ts';
export { takeOverRegions } from './take-over-regions.ts';
export { tryFaces } from './try-faces.ts';
export { tryFile } from './try-file.ts';
