import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The top of the repository. */
export const ROOT = join(import.meta.dirname, '../../..');

/** A page of the documentation. */
export interface Page {
  /** Its path from the top of the repository, such as `docs/http.md`. */
  readonly path: string;
  readonly text: string;
}

/** What users read to use the package: the README and everything in `docs/`. */
export function userPages(): Page[] {
  const names = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...names.map((name) => `docs/${name}`)].map(pageAt);
}

/** Every page whose links must lead somewhere. */
export function linkedPages(): Page[] {
  return [
    ...userPages(),
    ...['CONTRIBUTING.md', 'CHANGELOG.md', 'apps/demo/README.md'].map(pageAt),
  ];
}

/** Reads a page. */
export function pageAt(path: string): Page {
  return { path, text: readFileSync(join(ROOT, path), 'utf8') };
}
