/** A `blank` is white space or a comment, a `symbol` one character of anything else. */
export type SqlTokenKind = 'word' | 'identifier' | 'literal' | 'parameter' | 'blank' | 'symbol';

/** Where a piece of a statement ends, and what it is. */
export interface Piece {
  readonly kind: SqlTokenKind;
  readonly end: number;
}
