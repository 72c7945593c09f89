import { Form } from '../form.tsx';

/** Asks for a folder on the server: its pictures are read where they are. */
export const FolderForm = ({ action, label }: { action: string; label: string }) => (
  <Form action={action} class="inline">
    <label for="reference-folder">{label}</label>
    <input id="reference-folder" name="path" placeholder="/photos/crops" required maxlength={4096} autocomplete="off" />
    <button>Read it</button>
  </Form>
);
