import { count, counted } from '../words.ts';

interface MetadataTableProps {
  tags: Record<string, unknown>;
  /** Only tags with these letters in name or value. */
  find: string;
  /** Where the search is sent to. */
  action: string;
  /** What else its address holds. */
  hidden: Record<string, string>;
  /** Tells it from the others of the page. */
  id?: string;
}

const maxTags = 500;
const maxText = 500;

/** Everything ExifTool said of a file, to be searched. */
export function MetadataTable({ tags, find, action, hidden, id = 'metadata' }: MetadataTableProps) {
  const all = Object.entries(tags)
    .map(([tag, value]) => ({ tag, text: tagText(value) }))
    .sort((a, b) => a.tag.localeCompare(b.tag, 'en'));
  const sought = find.toLowerCase();
  const found = all.filter(({ tag, text }) => `${tag}\n${text}`.toLowerCase().includes(sought));
  return (
    <details class="metadata" id={id} open={find !== ''}>
      <summary>Everything in the file ({count(all.length)})</summary>
      <form class="search" role="search" method="get" action={`${action}#${id}`}>
        {Object.entries(hidden).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <label class="sr" for={`${id}-find`}>
          Part of a tag’s name or value
        </label>
        <input
          id={`${id}-find`}
          type="search"
          name="find"
          value={find}
          placeholder="Search the tags"
          maxlength={100}
          hx-get={action}
          hx-trigger="input changed delay:250ms, search"
          hx-select={`#${id}-tags`}
          hx-target={`#${id}-tags`}
          hx-swap="outerHTML"
          hx-include="closest form"
        />
        <button class="sr">Search</button>
      </form>
      <div id={`${id}-tags`} aria-live="polite">
        {find !== '' && <p class="quiet">{counted(found.length, 'tag')} found</p>}
        <table>
          <thead class="sr">
            <tr>
              <th scope="col">Tag</th>
              <th scope="col">Value</th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, maxTags).map(({ tag, text }) => (
              <tr>
                <th scope="row">
                  <bdi>{tag}</bdi>
                </th>
                <td>
                  <bdi>{text.length > maxText ? `${text.slice(0, maxText)}…` : text}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {found.length > maxTags && <p class="quiet">and {count(found.length - maxTags)} more: search for them</p>}
      </div>
    </details>
  );
}

const tagText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
