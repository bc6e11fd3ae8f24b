const ESCAPE = String.fromCharCode(27);

/** A colour, or any other character that does something to a terminal. */
// oxlint-disable-next-line no-control-regex -- this is what looks for them
const SPECIAL = /\u001b\[[\d;]{0,40}m|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * A line of another program as it may be printed: tabs become blanks, colours stay where colours are
 * wanted and end with the line, no other control character is left.
 */
export function harmlessLine(line: string, keepsColours: boolean): string {
  let isColoured = false;
  const text = line.replaceAll(SPECIAL, (special) => {
    if (special === '\t') return '  ';
    if (!special.startsWith(ESCAPE) || special.length === 1) return '\u{fffd}';
    isColoured = keepsColours;
    return keepsColours ? special : '';
  });
  return isColoured ? `${text}${ESCAPE}[0m` : text;
}
