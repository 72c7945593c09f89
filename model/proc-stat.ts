/** What a `stat` of /proc tells from the state on: before that is the program's name in brackets, which may itself hold some. */
export const statFields = (text: string): string[] => text.slice(text.lastIndexOf(')') + 2).split(' ');
