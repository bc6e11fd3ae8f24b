/** A search that cannot be understood, and where. */
export class SearchError extends Error {
  override readonly name = 'SearchError';

  constructor(
    message: string,
    /** The character at which the term begins. */
    readonly at: number,
  ) {
    super(message);
  }
}
