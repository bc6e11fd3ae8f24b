import { tokensOf } from './document-lexer.js';

/**
 * Returns a document with its literals replaced, strings by `"*"` and numbers by `*`, and without its
 * comments. Names, `true`, `false`, `null` and the values of enums stay: the schema knows them.
 *
 * @param longest characters of the result
 */
export function redactDocument(document: string, longest: number): string {
  const parts: string[] = [];
  let length = 0;
  let before = 0;
  for (const { kind, start, end } of tokensOf(document)) {
    if (length > longest) break;
    const gap = start > before && before > 0 ? ' ' : '';
    const part =
      gap + (kind === 'string' ? '"*"' : kind === 'number' ? '*' : document.slice(start, end));
    parts.push(part);
    length += part.length;
    before = end;
  }
  return parts.join('').slice(0, longest);
}
