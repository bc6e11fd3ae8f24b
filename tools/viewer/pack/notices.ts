import { existsSync, readdirSync, readFileSync } from 'node:fs';

const PACKAGE = /^(?:.*\/)?(node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const LICENSE = /^(licen[cs]e|copying|notice)/i;

/** The licenses of the packages that some files are from, one after another. */
export function noticesOf(files: readonly string[], root: string): string {
  const folders = new Set(files.flatMap((file) => PACKAGE.exec(file)?.[1] ?? []));
  const sections = [...folders].toSorted().map((folder) => noticeOf(`${root}${folder}/`));
  return `This package contains parts of the following packages.\n\n${sections.join('\n\n')}\n`;
}

function noticeOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => LICENSE.test(name)) : [];
  const texts = names.map((name) => readFileSync(`${folder}${name}`, 'utf8').trim());
  const head = `${manifest.name} ${manifest.version} (${manifest.license ?? 'see below'})`;
  return [head, '-'.repeat(head.length), ...texts].join('\n');
}
