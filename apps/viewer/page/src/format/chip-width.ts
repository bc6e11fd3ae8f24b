/** Of the widest fonts that a system may have. */
const CHAR_WIDTH = 6.7;
const PADDING = 12;

/** Pixels that a chip takes, about: measuring it would lay the page out for each. */
export function chipWidth(text: string): number {
  return text.length * CHAR_WIDTH + PADDING;
}
