import type { Face } from '../../model/people.ts';
import { whoIs } from './who.ts';

/** The faces drawn over their picture; each leads to what is thought of it. `width` and `height` are the picture's. */
export function Boxes({ faces, width, height }: { faces: readonly Face[]; width: number; height: number }) {
  const text = Math.max(width, height) / 60;
  return (
    <svg class="boxes" viewBox={`0 0 ${width} ${height}`} aria-label="Faces in this picture" role="group">
      {faces.map((face) => (
        <a href={`#face-${face.id}`} aria-label={whoIs(face)} class={kindOf(face)}>
          <rect
            x={face.x * width}
            y={face.y * height}
            width={face.w * width}
            height={face.h * height}
            rx={text / 2}
            vector-effect="non-scaling-stroke"
          />
          {face.name && (
            <text x={(face.x + face.w / 2) * width} y={(face.y + face.h) * height + text * 1.2} font-size={text}>
              {face.name.person.name}
              {face.name.perhaps ? '?' : ''}
            </text>
          )}
        </a>
      ))}
    </svg>
  );
}

const kindOf = ({ marked, name }: Face): string =>
  marked !== null ? 'aside' : name === null ? 'unknown' : name.perhaps ? 'perhaps' : 'named';
