import type { ComponentChildren } from 'preact';
import { Form } from '../form.tsx';

interface DrawFormProps {
  action: string;
  /** SHA-256 in hex of the picture. */
  hash: string;
  /** Makes the fields' ids unique on the page. */
  id: string;
  /** In percent of the picture's sides. */
  box: { x: number; y: number; w: number; h: number };
  /** Further fields, and the button. */
  children: ComponentChildren;
}

/** A box to be drawn over a picture, with the pointer or by four numbers. */
export const DrawForm = ({ action, hash, id, box, children }: DrawFormProps) => (
  <Form action={action} class="draw" data-draw>
    <div class="draw-area">
      <img src={`/thumbs/${hash}-1440.webp`} alt="The picture to draw on" loading="lazy" draggable={false} />
      <svg class="boxes" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        <rect data-box x={box.x} y={box.y} width={box.w} height={box.h} vector-effect="non-scaling-stroke" />
      </svg>
    </div>
    <fieldset>
      <legend>Where the face is, in percent of the picture: draw a box with the pointer, or type</legend>
      <Percent id={`${id}-x`} name="x" label="From the left" value={box.x} />
      <Percent id={`${id}-y`} name="y" label="From the top" value={box.y} />
      <Percent id={`${id}-w`} name="w" label="Width" value={box.w} />
      <Percent id={`${id}-h`} name="h" label="Height" value={box.h} />
    </fieldset>
    {children}
  </Form>
);

const Percent = ({ id, name, label, value }: { id: string; name: string; label: string; value: number }) => (
  <span>
    <label for={id}>{label}</label>
    <input id={id} name={name} type="number" min={0} max={100} step={0.1} value={value} required />
  </span>
);
