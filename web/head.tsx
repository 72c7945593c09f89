import type { ComponentChildren } from 'preact';
import { assetUrl } from './assets.ts';

interface HeadProps {
  title: string;
  /** Names of style sheets. */
  styles: readonly string[];
  children?: ComponentChildren;
}

/** What the head of every page holds. */
export const Head = ({ title, styles, children }: HeadProps) => (
  <head>
    <meta charset="utf-8" />
    <title>{`${title} · Photo Assistant`}</title>
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" href={assetUrl('icon.svg')} type="image/svg+xml" />
    {styles.map((name) => (
      <link rel="stylesheet" href={assetUrl(name)} />
    ))}
    {children}
  </head>
);
