import type { ComponentChildren } from 'preact';
import { assetUrl } from '../assets.ts';

interface OutsideProps {
  title: string;
  /** The page is asked for again by itself. */
  looksAgain?: boolean;
  children: ComponentChildren;
}

/** What those see who are not let in: it tells nothing of the house. */
export const Outside = ({ title, looksAgain = false, children }: OutsideProps) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <title>{`${title} · Photo Assistant`}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      {looksAgain && <meta http-equiv="refresh" content="3" />}
      <link rel="icon" href={assetUrl('icon.svg')} type="image/svg+xml" />
      {['tokens.css', 'page.css', 'parts.css'].map((style) => (
        <link rel="stylesheet" href={assetUrl(style)} />
      ))}
    </head>
    <body>{children}</body>
  </html>
);
