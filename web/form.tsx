import { createContext, type ComponentChildren, type JSX, type VNode } from 'preact';
import { render } from 'preact-render-to-string';
import type { Right } from '../model/access.ts';
import type { Visitor } from './access/visitor.ts';

type ShownTo = Pick<Visitor, 'rights' | 'formToken'>;

const Viewer = createContext<ShownTo>({ rights: [], formToken: null });

/** HTML as one visitor gets it: with the forms they may send, and what makes these theirs. */
export const renderFor = (visitor: ShownTo | null, view: VNode): string =>
  render(visitor ? <Viewer.Provider value={visitor}>{view}</Viewer.Provider> : view);

interface FormProps extends Omit<JSX.IntrinsicElements['form'], 'method' | 'action' | 'children'> {
  action: string;
  'hx-post'?: string;
  /** What one has to be allowed to do to see it. */
  right?: Right;
  children: ComponentChildren;
}

/** A form that changes something. Who may not do so does not see it. */
export const Form = ({ right = 'run', action, children, ...attributes }: FormProps) => (
  <Viewer.Consumer>
    {({ rights, formToken }: ShownTo) => {
      if (!rights.includes(right)) return null;
      // Files are not read before it is known who sends them.
      const inAddress = formToken !== null && attributes.enctype === 'multipart/form-data';
      const mark = (url: string) => (inAddress ? `${url}${url.includes('?') ? '&' : '?'}_form=${formToken}` : url);
      const post = attributes['hx-post'];
      return (
        <form
          method="post"
          action={mark(action)}
          {...attributes}
          {...(typeof post === 'string' ? { 'hx-post': mark(post) } : {})}
        >
          {children}
          {formToken !== null && !inAddress && <input type="hidden" name="_form" value={formToken} />}
        </form>
      );
    }}
  </Viewer.Consumer>
);

/** What only those see who may do it. */
export const IfMay = ({ right, children }: { right: Right; children: ComponentChildren }) => (
  <Viewer.Consumer>{({ rights }: ShownTo) => (rights.includes(right) ? children : null)}</Viewer.Consumer>
);
