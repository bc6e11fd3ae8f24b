import ts from 'typescript';

export interface LineSpan {
  readonly first: number;
  readonly last: number;
}

/** Counts the lines that hold code, be it beside a comment. */
export function codeLines(tree: ts.SourceFile): number {
  const lines = new Set<number>();
  visitTokens(tree, (token) => {
    if (token.getWidth(tree) === 0) return;
    const { first, last } = spanOf(tree, token.getStart(tree), token.end);
    for (let line = first; line <= last; line++) lines.add(line);
  });
  return lines.size;
}

/** Finds every doc comment, wherever it stands. */
export function docComments(tree: ts.SourceFile): readonly LineSpan[] {
  const found = new Map<number, LineSpan>();
  const take = (pos: number, end: number): void => {
    if (tree.text.startsWith('/**', pos)) found.set(pos, spanOf(tree, pos, end));
  };
  visitTokens(tree, (token) => {
    ts.forEachLeadingCommentRange(tree.text, token.pos, take);
    ts.forEachTrailingCommentRange(tree.text, token.end, take);
  });
  return [...found.values()];
}

function visitTokens(tree: ts.SourceFile, visit: (token: ts.Node) => void): void {
  const descend = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(tree);
    if (children.length === 0) visit(node);
    children.forEach(descend);
  };
  descend(tree);
}

function spanOf(tree: ts.SourceFile, start: number, end: number): LineSpan {
  const lineAt = (position: number): number => tree.getLineAndCharacterOfPosition(position).line;
  return { first: lineAt(start) + 1, last: lineAt(end) + 1 };
}
