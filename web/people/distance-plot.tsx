import { distanceBins, sum, type Accuracy, type DistanceCounts } from '../../model/distances.ts';

/** The plots' measures, in their own units. */
const width = 720;
const height = 300;
const left = 52;
const right = 16;
const top = 34;
const bottom = 44;
const floor = height - bottom;

interface DistancePlotProps extends DistanceCounts {
  threshold: number;
  perhaps: number;
}

/** Distances shown: nothing is told beyond. */
const farthest = 1.2;
const across = (distance: number): number => left + (Math.min(distance, farthest) / farthest) * (width - left - right);

/** The two histograms, each in shares of its own pairs, with the threshold and the room for "perhaps". */
export function DistancePlot({ same, different, threshold, perhaps }: DistancePlotProps) {
  const most = Math.max(...shares(same), ...shares(different), 0.001);
  const up = (share: number): number => floor - (share / most) * (floor - top);
  const at = across(threshold);
  return (
    <svg class="plot" viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby="plot-title plot-about">
      <title id="plot-title">Distances of pairs of faces</title>
      <desc id="plot-about">
        Two histograms: pairs of one person, mostly near, and pairs of two people, mostly far. The threshold of{' '}
        {threshold.toFixed(2)} is drawn between. The table below has the figures.
      </desc>
      <rect class="perhaps" x={at} y={top} width={across(threshold + perhaps) - at} height={floor - top} />
      {[0, 0.2, 0.4, 0.6, 0.8, 1, 1.2].map((tick) => (
        <>
          <line class="tick" x1={across(tick)} x2={across(tick)} y1={floor} y2={floor + 5} />
          <text x={across(tick)} y={height - 14} text-anchor="middle">
            {tick.toFixed(1)}
          </text>
        </>
      ))}
      <line class="axis" x1={left} x2={width - right} y1={floor} y2={floor} />
      <path class="different" d={steps(shares(different), up)} />
      <path class="same" d={steps(shares(same), up)} />
      <line class="threshold" x1={at} x2={at} y1={top - 6} y2={floor} />
      <text class="threshold" x={at} y={top - 12} text-anchor="middle">
        {threshold.toFixed(2)}
      </text>
    </svg>
  );
}

function shares(counts: readonly number[]): number[] {
  const all = Math.max(1, sum(counts));
  return counts.map((count) => count / all);
}

/** The outline of a histogram, closed at the floor. */
function steps(bins: readonly number[], up: (share: number) => number): string {
  const shown = bins.slice(0, Math.min(distanceBins, farthest * 100));
  const outline = shown.map((share, i) => `V${up(share).toFixed(1)}H${across((i + 1) / 100).toFixed(1)}`);
  return `M${left} ${floor}${outline.join('')}V${floor}Z`;
}

const from = 0.4;
const to = 0.7;
const along = (threshold: number): number => left + ((threshold - from) / (to - from)) * (width - left - right);
const upward = (share: number): number => floor - share * (floor - top);

/** Precision and recall over the usual thresholds. */
export function AccuracyPlot({ accuracies, threshold }: { accuracies: readonly Accuracy[]; threshold: number }) {
  const inForce = threshold >= from && threshold <= to;
  return (
    <svg class="plot" viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby="curve-title curve-about">
      <title id="curve-title">Precision and recall by threshold</title>
      <desc id="curve-about">
        Two curves from a threshold of 0.40 to 0.70. With a larger threshold recall grows and precision falls. The table
        below has the figures.
      </desc>
      {[0, 0.5, 1].map((share) => (
        <>
          <line class="tick" x1={left} x2={width - right} y1={upward(share)} y2={upward(share)} />
          <text x={left - 8} y={upward(share) + 5} text-anchor="end">
            {share * 100}
          </text>
        </>
      ))}
      {[0.4, 0.5, 0.6, 0.7].map((tick) => (
        <text x={along(tick)} y={height - 14} text-anchor={tick === to ? 'end' : 'middle'}>
          {tick.toFixed(1)}
        </text>
      ))}
      <path class="recall" d={curve(accuracies, 'recall')} />
      <path class="precision" d={curve(accuracies, 'precision')} />
      {inForce && (
        <>
          <line class="threshold" x1={along(threshold)} x2={along(threshold)} y1={top - 6} y2={floor} />
          <text class="threshold" x={along(threshold)} y={top - 12} text-anchor="middle">
            {threshold.toFixed(2)}
          </text>
        </>
      )}
    </svg>
  );
}

/** A line through what is known; where nothing is, there is a gap. */
function curve(accuracies: readonly Accuracy[], of: 'precision' | 'recall'): string {
  let pen = 'M';
  return accuracies
    .map((accuracy) => {
      const share = accuracy[of];
      if (share === null) {
        pen = 'M';
        return '';
      }
      const point = `${pen}${along(accuracy.threshold).toFixed(1)} ${upward(share).toFixed(1)}`;
      pen = 'L';
      return point;
    })
    .join('');
}
