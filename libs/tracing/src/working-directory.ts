/** The process's working directory, or undefined if it has been deleted: then Node throws. */
export function workingDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
