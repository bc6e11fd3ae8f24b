/** A file that cannot be shown, and the line at which it cannot be read. */
export class FileError extends Error {
  override readonly name = 'FileError';

  constructor(
    message: string,
    /** A line, from 1. */
    readonly at: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
