import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { Injectable } from '@nestjs/common';
import { PACKAGE_ROOT } from '../package-root.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

/** Holds the files of the page by their addresses: no other file can be asked for. */
@Injectable()
export class PageFiles {
  readonly #files = new Map<string, PageFile>();

  constructor() {
    const folder = new URL('page/', PACKAGE_ROOT);
    for (const path of filesIn(folder)) {
      const type = TYPES[extname(path)];
      if (type) this.#files.set(`/${path}`, { type, body: readFileSync(new URL(path, folder)) });
    }
  }

  /** The file at an address; `/` is the page. */
  find(path: string): PageFile | undefined {
    return this.#files.get(path === '/' ? '/index.html' : path);
  }
}

/** None if the page was not built. */
function filesIn(folder: URL): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
