import type { VNode } from 'preact';
import { jsxTemplate } from 'preact/jsx-runtime';
import { render } from 'preact-render-to-string';

const made = new WeakMap<object, Map<string, string>>();

/**
 * A view that is rendered once for each thing it shows, which is kept for a while and shown often. `as` tells views of one
 * thing from each other. Nothing personal goes into the view, nothing but `of` and `as`: forms in it are shown to nobody.
 */
export function once(of: object, as: string, view: () => VNode): ReturnType<typeof jsxTemplate> {
  const views = made.get(of) ?? new Map<string, string>();
  made.set(of, views);
  const html = views.get(as) ?? render(view());
  views.set(as, html);
  return jsxTemplate([html]);
}
