import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** A regular expression as it stands in the sources. */
export interface FoundExpression {
  /** The file and line. */
  readonly at: string;
  readonly source: string;
  readonly flags: string;
  /** Says that it is made when the program runs, so that nobody can check it here. */
  readonly dynamic: boolean;
}

/** Finds every regular expression in the sources of some folders, specs aside. */
export function findExpressions(folders: readonly string[]): FoundExpression[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`))
    .filter((file) => !file.endsWith('.spec.ts'))
    .sort()
    .flatMap((file) => expressionsIn(file, readFileSync(file, 'utf8')));
}

/** Finds the regular expressions of one file: literals, and calls of `RegExp`. */
export function expressionsIn(file: string, text: string): FoundExpression[] {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: FoundExpression[] = [];
  const visit = (node: ts.Node): void => {
    const at = `${file}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`;
    if (ts.isRegularExpressionLiteral(node)) found.push({ at, ...partsOf(node.text) });
    else if (isConstruction(node)) {
      found.push({ at, source: node.getText(tree), flags: '', dynamic: true });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function partsOf(literal: string): Omit<FoundExpression, 'at'> {
  const end = literal.lastIndexOf('/');
  return { source: literal.slice(1, end), flags: literal.slice(end + 1), dynamic: false };
}

function isConstruction(node: ts.Node): boolean {
  return (
    (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'RegExp'
  );
}
