import { readFileSync } from 'node:fs';

/** Returns the text of a sample that somebody else has written. */
export function foreign(name: string): string {
  return readFileSync(new URL(`../foreign/${name}`, import.meta.url), 'utf8');
}
