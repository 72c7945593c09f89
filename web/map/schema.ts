import Type from 'typebox';
import { PhotoFilter } from '../../model/library.ts';

/** Without a box: the whole world. */
export const MapQuery = Type.Object({ box: PhotoFilter.properties.box });
