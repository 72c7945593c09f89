import { IfMay } from '../form.tsx';
import { DrawForm } from './draw-form.tsx';

/** A face that no scan found: drawn, and named. Names come from the page's list of people. */
export const MissedFace = ({ file, hash }: { file: number; hash: string }) => (
  <IfMay right="run">
    <details class="missed">
      <summary>Add a face the scanner missed</summary>
      <DrawForm action={`/photos/${file}/faces`} hash={hash} id="missed" box={{ x: 40, y: 30, w: 20, h: 30 }}>
        <p class="inline">
          <label for="missed-name">Who is this?</label>
          <input id="missed-name" name="name" list="people" required maxlength={200} autocomplete="off" />
          <button class="primary">Add</button>
        </p>
      </DrawForm>
    </details>
  </IfMay>
);
