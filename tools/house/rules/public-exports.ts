import type { DeclaredExport } from '../read/declared-exports.js';
import type { SourcePackage } from '../read/source-package.js';

export interface PublicExport extends DeclaredExport {
  readonly file: string;
}

/** Lists what the entry points offer, each export once and where it is declared. */
export function publicExports({ modules, entries }: SourcePackage): readonly PublicExport[] {
  const found = new Map<string, PublicExport>();
  const collect = (file: string, wanted: string): void => {
    const module = modules.get(file);
    for (const own of module?.exports.values() ?? []) {
      const isWanted = wanted === 'all' || own.name === wanted;
      if (isWanted) found.set(`${file}#${own.name}`, { ...own, file });
    }
    for (const { target, forwards, names } of module?.references ?? []) {
      if (!forwards || target === undefined) continue;
      if (names === 'all') collect(target, wanted);
      else for (const { name, as } of names) if (isIn(wanted, as)) collect(target, name);
    }
  };
  for (const entry of entries) collect(entry, 'all');
  return [...found.values()];
}

function isIn(wanted: string, name: string): boolean {
  return wanted === 'all' || wanted === name;
}
