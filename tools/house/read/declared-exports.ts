import ts from 'typescript';
import { namesTaken } from './names-taken.js';

/** A name that a file exports itself, with all that declares it (overloads, merged interfaces). */
export interface DeclaredExport {
  readonly name: string;
  readonly declarations: readonly ts.Node[];
}

export function declaredExports(tree: ts.SourceFile): ReadonlyMap<string, DeclaredExport> {
  const listed = listedNames(tree);
  const exports = new Map<string, DeclaredExport>();
  const add = (name: string, declaration: ts.Node): void => {
    const declarations = [...(exports.get(name)?.declarations ?? []), declaration];
    exports.set(name, { name, declarations });
  };
  for (const statement of tree.statements) {
    if (ts.isExportAssignment(statement)) add('default', statement);
    const namespace = namespaceName(statement);
    if (namespace !== undefined) add(namespace, statement);
    for (const name of importedNames(statement)) {
      for (const as of listed.get(name) ?? []) add(as, statement);
    }
    const inline = isExported(statement);
    for (const name of declaredNames(statement)) {
      if (inline) add(isDefault(statement) ? 'default' : name, statement);
      for (const as of listed.get(name) ?? []) add(as, statement);
    }
  }
  return exports;
}

/** Reads `export { a, b as c }`: the names under which each local one leaves. */
function listedNames(tree: ts.SourceFile): ReadonlyMap<string, readonly string[]> {
  const elements = tree.statements.flatMap((statement) =>
    ts.isExportDeclaration(statement) && statement.moduleSpecifier === undefined
      ? namedElements(statement.exportClause)
      : [],
  );
  const names = Map.groupBy(elements, ({ propertyName, name }) => (propertyName ?? name).text);
  return new Map([...names].map(([local, found]) => [local, found.map(({ name }) => name.text)]));
}

function namedElements(clause: ts.NamedExportBindings | undefined): readonly ts.ExportSpecifier[] {
  return clause !== undefined && ts.isNamedExports(clause) ? clause.elements : [];
}

/** Reads `export * as name from`. */
function namespaceName(statement: ts.Statement): string | undefined {
  if (!ts.isExportDeclaration(statement)) return undefined;
  const clause = statement.exportClause;
  return clause !== undefined && ts.isNamespaceExport(clause) ? clause.name.text : undefined;
}

function importedNames(statement: ts.Statement): readonly string[] {
  if (!ts.isImportDeclaration(statement)) return [];
  const taken = namesTaken(statement);
  return taken === 'all' ? [] : taken.map(({ as }) => as);
}

function declaredNames(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  }
  const named =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isModuleDeclaration(statement);
  return named ? [statement.name?.text ?? 'default'] : [];
}

function boundNames(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    ts.isBindingElement(element) ? boundNames(element.name) : [],
  );
}

function isExported(statement: ts.Statement): boolean {
  return hasModifier(statement, ts.SyntaxKind.ExportKeyword);
}

function isDefault(statement: ts.Statement): boolean {
  return hasModifier(statement, ts.SyntaxKind.DefaultKeyword);
}

function hasModifier(statement: ts.Statement, kind: ts.SyntaxKind): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some((modifier) => modifier.kind === kind) ?? false;
}
