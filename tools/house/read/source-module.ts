import ts from 'typescript';
import { declaredExports, type DeclaredExport } from './declared-exports.js';
import type { ImportTargets } from './import-targets.js';
import { moduleReferences, type ModuleReference } from './module-references.js';

/** A file, parsed; `file` is its path under src. */
export interface SourceModule {
  readonly file: string;
  readonly lines: readonly string[];
  readonly tree: ts.SourceFile;
  readonly references: readonly ModuleReference[];
  readonly exports: ReadonlyMap<string, DeclaredExport>;
}

export function sourceModule(file: string, text: string, targets: ImportTargets): SourceModule {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  return {
    file,
    lines: text.replace(/\n$/, '').split(/\r?\n/),
    tree,
    references: moduleReferences(tree, targets),
    exports: declaredExports(tree),
  };
}
