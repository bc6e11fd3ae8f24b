/** Says which option to change when a port cannot be had. */
export function explainListenError(cause: Error, option: string, port: number): Error {
  return new Error(
    `Port ${port} cannot be had (${cause.message}). Give another with ${option}, 0 for any.`,
    { cause },
  );
}
