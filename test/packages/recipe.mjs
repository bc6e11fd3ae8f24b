import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = join(import.meta.dirname, '../../docs/testing.md');

/** The code of docs/testing.md that begins with a comment of the file's name, as readers copy it. */
export function recipe(file) {
  const blocks = readFileSync(PAGE, 'utf8').matchAll(/^```\w+\n(.*?)^```/gms);
  const found = [...blocks].map(([, code]) => code).filter((code) => code.startsWith(`// ${file}`));
  if (found.length === 1) return found[0];
  throw new Error(`docs/testing.md has ${found.length} recipes that begin with "// ${file}"`);
}
