/** Fills the rows of picture grids exactly, and paints placeholders until the pictures are there. */
import { thumbHashToDataURL } from './vendor/thumbhash.js';

const gap = 4;

/** Where to break the rows, so that their heights stay as near to the target as they can. */
function breakRows(ratios, width, target) {
  const best = [{ cost: 0, from: 0 }];
  for (let end = 1; end <= ratios.length; end++) {
    best[end] = { cost: Infinity, from: 0 };
    let sum = 0;
    for (let start = end - 1; start >= 0; start--) {
      sum += ratios[start];
      const height = rowHeight(sum, end - start, width);
      const cost = best[start].cost + Math.log(height / target) ** 2;
      if (cost < best[end].cost) best[end] = { cost, from: start };
      if (height < target / 3) break;
    }
  }
  const rows = [];
  for (let end = ratios.length; end > 0; end = best[end].from) rows.unshift([best[end].from, end]);
  return rows;
}

const rowHeight = (ratioSum, n, width) => Math.max(1, width - gap * (n - 1)) / ratioSum;

function fill(grid) {
  const width = Math.floor(grid.getBoundingClientRect().width);
  const tiles = [...grid.children];
  const shape = `${width} ${tiles.length}`;
  if (width === 0 || grid.dataset.shape === shape) return;
  grid.dataset.shape = shape;
  const ratios = tiles.map((tile) => Number(tile.dataset.ratio) || 1);
  const target = Math.min(300, Math.max(110, innerWidth * 0.07 + 84));
  for (const [start, end] of breakRows(ratios, width, target)) {
    const row = ratios.slice(start, end);
    const sum = row.reduce((a, b) => a + b, 0);
    const full = rowHeight(sum, row.length, width);
    // A few pictures alone must not become giants: their row stays lower, and they are cropped to fill more of it.
    const height = Math.floor(Math.min(full, target * 1.45));
    const space = width - gap * (row.length - 1);
    const stretch = full <= target * 1.45 ? space / (sum * height) : Math.min(space / (sum * height), 1.5);
    let left = space;
    row.forEach((ratio, i) => {
      const last = i === row.length - 1 && stretch * sum * height > space - 1;
      const w = last ? left : Math.floor(ratio * height * stretch);
      left -= w;
      const { style, classList } = tiles[start + i];
      classList.add('set');
      style.flex = `0 0 ${w}px`;
      style.height = `${height}px`;
    });
  }
}

function paint(image) {
  const hash = Uint8Array.from(atob(image.dataset.thumbhash), (c) => c.charCodeAt(0));
  delete image.dataset.thumbhash;
  if (!image.complete) image.style.backgroundImage = `url(${thumbHashToDataURL(hash)})`;
}

function refresh() {
  document.querySelectorAll('.grid').forEach(fill);
  document.querySelectorAll('.tile img[data-thumbhash]').forEach(paint);
}

refresh();
new ResizeObserver(refresh).observe(document.body);
document.addEventListener('htmx:after:swap', refresh);
