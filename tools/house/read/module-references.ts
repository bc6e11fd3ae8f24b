import ts from 'typescript';
import type { ImportTargets } from './import-targets.js';
import { lineOf } from './line-of.js';
import { namesTaken, type TakenName } from './names-taken.js';

import { walk } from './walk.js';

/** One mention of another module: an import, a type-only one, `export … from` or `import()`. */
export interface ModuleReference {
  readonly specifier: string;
  /** The file under src; undefined when it is another package's. */
  readonly target: string | undefined;
  readonly line: number;
  /** `export … from`: the names go on to whoever imports them from here. */
  readonly forwards: boolean;
  /** What is taken of the module; 'all' for namespaces and `export *`. */
  readonly names: readonly TakenName[] | 'all';
}

export function moduleReferences(
  tree: ts.SourceFile,
  targets: ImportTargets,
): readonly ModuleReference[] {
  const references: ModuleReference[] = [];
  walk(tree, (node) => {
    const specifier = specifierOf(node);
    if (specifier === undefined) return;
    references.push({
      specifier,
      target: targets.find(specifier, tree.fileName),
      line: lineOf(node),
      forwards: isForwarding(node),
      names: namesTaken(node),
    });
  });
  return references;
}

/** `export * as name from` is none: it takes the whole module for an object of its own. */
function isForwarding(node: ts.Node): boolean {
  if (!ts.isExportDeclaration(node)) return false;
  return node.exportClause === undefined || ts.isNamedExports(node.exportClause);
}

function specifierOf(node: ts.Node): string | undefined {
  const named = specifierNode(node);
  return named !== undefined && ts.isStringLiteralLike(named) ? named.text : undefined;
}

function specifierNode(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return node.argument.literal;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return node.arguments[0];
  }
  return undefined;
}
