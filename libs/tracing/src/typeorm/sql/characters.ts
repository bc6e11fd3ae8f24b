/** Behind the characters from a place on that belong together. */
export function skip(sql: string, from: number, belongs: (code: number) => boolean): number {
  let at = from;
  while (at < sql.length && belongs(sql.charCodeAt(at))) at += 1;
  return at;
}

export function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code > 0xa0;
}

export function isTagPart(code: number): boolean {
  return isWordStart(code) || isDigit(code);
}

/** A dollar sign is part of a name, but opens no name. */
export function isWordPart(code: number): boolean {
  return isTagPart(code) || code === 36;
}

/** Behind the next occurrence of a mark, or the end of the statement. */
export function endOf(sql: string, mark: string, from: number): number {
  const at = sql.indexOf(mark, from);
  return at < 0 ? sql.length : at + mark.length;
}
