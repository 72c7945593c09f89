import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { geoEquirectangular, geoPath, type GeoContext, type GeoPermissibleObjects } from 'd3-geo';
import { feature, mesh } from 'topojson-client';
import type { View } from './view.ts';

/** SVG paths of a view's land and of the borders in it, in units of a viewBox of this size. */
export interface Outlines {
  land: string;
  borders: string;
  width: number;
  height: number;
}

const require = createRequire(import.meta.url);

/** Coarse outlines are enough for half the world and more. */
const coarseFrom = 90;

/** Units of a view's longer side: finer than a screen's pixels. */
const units = 2000;

/** The outlines of a view, cut at its edges. */
export function outlinesOf(view: View): Outlines {
  const perDegree = units / Math.max(view.width, view.height);
  const size = { width: Math.round(view.width * perDegree), height: Math.round(view.height * perDegree) };
  const middle = view.box.west + view.width / 2;
  // Turned so that the view's middle is the map's: what is cut is the far side of the world, never the date line in view.
  const projection = geoEquirectangular()
    .rotate([-middle, 0])
    .precision(0)
    .scale((perDegree * 180) / Math.PI)
    .translate([size.width / 2, view.box.north * perDegree])
    .clipExtent([
      [-units / 100, -units / 100],
      [size.width + units / 100, size.height + units / 100],
    ]);
  const { land, borders } = view.width > coarseFrom ? coarse() : fine();
  const drawn = (shape: GeoPermissibleObjects) => {
    const path = new PathText();
    geoPath(projection, path)(shape);
    return path.text;
  };
  return { land: drawn(land), borders: drawn(borders), ...size };
}

const coarse = once(() => shapesOf(require.resolve('world-atlas/countries-110m.json')));
const fine = once(() => shapesOf(require.resolve('world-atlas/countries-50m.json')));

function shapesOf(file: string): { land: GeoPermissibleObjects; borders: GeoPermissibleObjects } {
  const world: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isWorld(world)) throw new Error(`${file} holds no outlines.`);
  const { land, countries } = world.objects;
  return { land: feature(world, land), borders: mesh(world, countries, (one, other) => one !== other) };
}

type Shapes = NonNullable<Parameters<typeof mesh>[1]>;
type World = Parameters<typeof mesh>[0] & { objects: { land: Shapes; countries: Shapes } };

const isWorld = (value: unknown): value is World =>
  isObject(value) &&
  'arcs' in value &&
  'objects' in value &&
  isObject(value.objects) &&
  'land' in value.objects &&
  'countries' in value.objects;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** A path in whole units, each point told from the one before: a third of what d3 writes. */
class PathText implements GeoContext {
  text = '';
  #x = 0;
  #y = 0;
  #inLine = false;

  moveTo(x: number, y: number): void {
    [this.#x, this.#y] = [Math.round(x), Math.round(y)];
    this.text += `M${this.#x}${separated(this.#y)}`;
    this.#inLine = false;
  }

  lineTo(x: number, y: number): void {
    const [right, down] = [Math.round(x) - this.#x, Math.round(y) - this.#y];
    if (right === 0 && down === 0) return;
    this.text += `${this.#inLine ? separated(right) : `l${right}`}${separated(down)}`;
    this.#inLine = true;
    this.#x += right;
    this.#y += down;
  }

  closePath(): void {
    this.text += 'z';
  }

  beginPath(): void {
    this.text = '';
  }

  /** Only points are drawn as arcs. */
  arc(): void {}
}

/** A number after another: a minus parts them as well as a space does. */
const separated = (n: number): string => (n < 0 ? String(n) : ` ${n}`);
