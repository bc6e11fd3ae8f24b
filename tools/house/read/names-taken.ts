import ts from 'typescript';

/** `name` in the module that is imported, `as` here. */
export interface TakenName {
  readonly name: string;
  readonly as: string;
}

/** Lists what an import takes; 'all' where that cannot be read from the import itself. */
export function namesTaken(node: ts.Node): readonly TakenName[] | 'all' {
  if (ts.isImportDeclaration(node)) return takenByImport(node.importClause);
  if (ts.isExportDeclaration(node)) return takenByExport(node.exportClause);
  if (ts.isImportTypeNode(node)) return takenByType(node.qualifier);
  if (ts.isCallExpression(node)) return takenByCall(node);
  return 'all';
}

function takenByImport(clause: ts.ImportClause | undefined): readonly TakenName[] | 'all' {
  if (clause === undefined) return [];
  const standard = clause.name === undefined ? [] : [{ name: 'default', as: clause.name.text }];
  const bindings = clause.namedBindings;
  if (bindings === undefined) return standard;
  return ts.isNamespaceImport(bindings)
    ? 'all'
    : [...standard, ...bindings.elements.map(specified)];
}

function takenByExport(clause: ts.NamedExportBindings | undefined): readonly TakenName[] | 'all' {
  return clause !== undefined && ts.isNamedExports(clause) ? clause.elements.map(specified) : 'all';
}

function specified(element: ts.ImportSpecifier | ts.ExportSpecifier): TakenName {
  return { name: (element.propertyName ?? element.name).text, as: element.name.text };
}

function takenByType(qualifier: ts.EntityName | undefined): readonly TakenName[] | 'all' {
  if (qualifier === undefined) return 'all';
  let first = qualifier;
  while (ts.isQualifiedName(first)) first = first.left;
  return [{ name: first.text, as: first.text }];
}

/** Reads `const { a } = await import('./b.js')`. */
function takenByCall(call: ts.CallExpression): readonly TakenName[] | 'all' {
  const declaration = ts.isAwaitExpression(call.parent) ? call.parent.parent : undefined;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return 'all';
  const pattern = declaration.name;
  if (!ts.isObjectBindingPattern(pattern)) return 'all';
  if (pattern.elements.some(({ dotDotDotToken }) => dotDotDotToken !== undefined)) return 'all';
  return pattern.elements.map(({ propertyName, name }) => {
    const taken = (propertyName ?? name).getText();
    return { name: taken, as: taken };
  });
}
