import type { ComponentChildren } from 'preact';
import { Head } from '../head.tsx';

interface OutsideProps {
  title: string;
  /** The page is asked for again by itself. */
  looksAgain?: boolean;
  children: ComponentChildren;
}

/** What those see who are not let in: it tells nothing of the house. */
export const Outside = ({ title, looksAgain = false, children }: OutsideProps) => (
  <html lang="en">
    <Head title={title} styles={['tokens.css', 'page.css', 'parts.css']}>
      {looksAgain && <meta http-equiv="refresh" content="3" />}
    </Head>
    <body>{children}</body>
  </html>
);
