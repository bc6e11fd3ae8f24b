/** What is known inside one pair of parentheses, as bits over the operation. */
export const OPERATION = 15;
/** A statement may open here. */
export const OPENS = 16;
/** A target comes next. */
export const EXPECTS_TARGET = 32;
/** After a comma comes another target. */
export const LISTS_TARGETS = 64;
/** Names of common table expressions come. */
export const LISTS_NAMES = 128;
/** Names of columns come. */
export const COLUMNS = 256;
