import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { proseOf } from './code-blocks.js';
import type { Page } from './pages.js';
import { ROOT } from './pages.js';

interface Link {
  readonly line: number;
  readonly target: string;
}

const LINK = /\]\(([^)\s]+)\)/g;

/** The links of a page that lead nowhere, as `docs/http.md:12: …`. */
export function brokenLinks(page: Page): string[] {
  return linksOf(page)
    .filter(({ target }) => !/^[a-z]+:/.test(target))
    .flatMap(({ line, target }) => {
      const fault = faultOf(page, target);
      return fault === undefined ? [] : [`${page.path}:${line}: ${target}: ${fault}`];
    });
}

/** The links of a page, those in code left out. */
export function linksOf(page: Page): Link[] {
  return proseOf(page).flatMap((text, index) =>
    [...text.replaceAll(/`[^`]*`/g, '').matchAll(LINK)].map(([, target = '']) => ({
      line: index + 1,
      target,
    })),
  );
}

function faultOf(page: Page, target: string): string | undefined {
  const [path = '', heading] = target.split('#');
  if (path === '') return headingFault(page, heading);
  const file = join(ROOT, dirname(page.path), path);
  if (relative(ROOT, file).startsWith('..')) return 'is outside of the repository';
  if (!existsSync(file)) return 'there is no such file';
  return headingFault(
    { path, text: path.endsWith('.md') ? readFileSync(file, 'utf8') : '' },
    heading,
  );
}

function headingFault(page: Page, heading: string | undefined): string | undefined {
  if (heading === undefined) return undefined;
  const known = headingsOf(page);
  return known.includes(heading)
    ? undefined
    : `there is no such heading; known are ${known.join(', ')}`;
}

/** The headings of a page as GitHub names them in links: lower case, without punctuation, with hyphens. */
function headingsOf(page: Page): string[] {
  return proseOf(page).flatMap((line) => {
    const title = /^#{1,6} (.*)$/.exec(line)?.[1];
    if (title === undefined) return [];
    const words = title.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '');
    return [words.trim().replaceAll(' ', '-')];
  });
}
