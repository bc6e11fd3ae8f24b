import { findSourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where a position is in the source that the application was compiled from, with `--enable-source-maps`. */
export function originalPosition(
  file: string,
  { line, column }: Position,
): { file: string; line: number } {
  try {
    const entry = findSourceMap(file)?.findEntry(Math.max(0, line - 1), Math.max(0, column - 1));
    if (entry === undefined || !('originalLine' in entry)) return { file, line };
    return { file: sourceFile(entry.originalSource, file), line: entry.originalLine + 1 };
  } catch {
    return { file, line }; // a map that cannot be read
  }
}

function sourceFile(source: string, file: string): string {
  return source.startsWith('file:') ? fileURLToPath(source) : resolve(dirname(file), source);
}
