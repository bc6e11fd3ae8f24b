/** Classes of characters, as bits: what one may begin, or be part of. */
export const SPACE = 1;
export const DIGIT = 2;
export const WORD_START = 4;
export const WORD_PART = 8;

const ASCII = 128;
const FIRST_LETTER = 0xa1;

/** The classes of the ASCII characters; `#` is part of a word in some dialects. */
export type CharacterClasses = Uint8Array;

/** @param hashWords whether `#` may begin a word */
export function characterClasses(hashWords: boolean): CharacterClasses {
  const classes = new Uint8Array(ASCII);
  for (let code = 9; code <= 13; code += 1) classes[code] = SPACE;
  classes[32] = SPACE;
  for (let code = 48; code <= 57; code += 1) classes[code] = DIGIT | WORD_PART;
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_'.split('');
  for (const letter of hashWords ? [...letters, '#'] : letters) {
    classes[letter.charCodeAt(0)] = WORD_START | WORD_PART;
  }
  classes[36] = WORD_PART;
  return classes;
}

/** Returns the class of a character; every letter beyond ASCII may begin a word, but not a sum of money. */
export function classOf(classes: CharacterClasses, code: number): number {
  if (code < ASCII) return classes[code] as number;
  if (code >= FIRST_LETTER) return isCurrency(code) ? WORD_PART : WORD_START | WORD_PART;
  return code === 0xa0 ? SPACE : 0;
}

/** `£` and its neighbours, `€` and its neighbours, and the wide ones. */
function isCurrency(code: number): boolean {
  if (code <= 0xa5) return code >= 0xa2;
  return (
    (code >= 0x20a0 && code <= 0x20cf) ||
    code === 0xfe69 ||
    (code >= 0xff04 && CURRENCIES.has(code))
  );
}

const CURRENCIES = new Set([0xff04, 0xffe0, 0xffe1, 0xffe5, 0xffe6]);

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Returns the place behind the next occurrence of a mark, or the end of the statement. */
export function endOf(sql: string, mark: string, from: number): number {
  const at = sql.indexOf(mark, from);
  return at < 0 ? sql.length : at + mark.length;
}
