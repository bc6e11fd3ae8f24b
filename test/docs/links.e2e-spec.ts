import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { brokenLinks, linksOf } from './support/links.js';
import { ROOT, linkedPages, pageAt, userPages } from './support/pages.js';

const LIBRARY = join(ROOT, 'libs/tracing');

/** README and licence as they are in the package. */
function packedReadme(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nestjs-tracing-readme-'));
  try {
    execFileSync(process.execPath, [join(LIBRARY, 'prepack.mjs'), folder]);
    return readFileSync(join(folder, 'README.md'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('links', () => {
  it('lead to files and headings that are there', () => {
    expect(linkedPages().flatMap(brokenLinks)).toEqual([]);
  });

  it('are found wrong on their line', () => {
    const text = ['# Title', '[a](nowhere.md) [b](#title) [c](#nothing)', '[d](../../etc)'].join(
      '\n',
    );
    expect(brokenLinks({ path: 'docs/made-up.md', text })).toEqual([
      'docs/made-up.md:2: nowhere.md: there is no such file',
      'docs/made-up.md:2: #nothing: there is no such heading; known are title',
      'docs/made-up.md:3: ../../etc: is outside of the repository',
    ]);
  });

  it.each(['README.md', 'docs/README.md'])('lead from %s to every page of docs', (index) => {
    const linked = linksOf(pageAt(index)).map(({ target }) =>
      join(dirname(index), target.split('#')[0] ?? ''),
    );
    const pages = userPages().map(({ path }) => path);
    const others = pages.filter((path) => path !== 'README.md' && path !== index);
    expect(others.filter((path) => !linked.includes(path))).toEqual([]);
  });

  it('lead from the packed README to the repository that its package.json names', () => {
    const { repository } = JSON.parse(readFileSync(join(LIBRARY, 'package.json'), 'utf8')) as {
      repository: { url: string };
    };
    const home = repository.url.replace(/^git\+|\.git$/g, '');
    const targets = linksOf({ path: 'README.md', text: packedReadme() }).map(
      ({ target }) => target,
    );
    expect(targets.filter((target) => !target.startsWith('https://'))).toEqual([]);
    expect(targets).toContain(`${home}/blob/main/docs/options.md`);
    // The page of a picture is no picture.
    expect(targets).toContain(`${home}/raw/main/docs/pictures/trace.png`);
    expect(targets.filter((target) => /\/blob\/.*\.png$/.test(target))).toEqual([]);
  });
});
