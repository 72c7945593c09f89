/**
 * The words of a text as search knows them: letters and digits apart, without case and accents. What is stored and what
 * is asked for go through here alike. No imports: both ends use it.
 */
export function searchWords(text: string): string[] {
  const plain = text
    .slice(0, longestText)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  const words = plain.match(/\p{L}+|\p{N}+/gu) ?? [];
  return [...new Set(words.map((word) => word.slice(0, longestWord)))].slice(0, mostWords);
}

const longestText = 20_000;
const longestWord = 60;
const mostWords = 1000;
