import ts from 'typescript';
import type { Measurement } from '../measurement.js';
import type { SourcePackage } from '../read/source-package.js';
import { lineOf } from '../read/line-of.js';
import { walk } from '../read/walk.js';

/** Counts only: the linter asks for a reason at each. */
export function anyTypes({ modules }: SourcePackage): Measurement {
  const places = [...modules.values()].flatMap(({ file, tree }) => {
    const lines: string[] = [];
    walk(tree, (node) => {
      if (node.kind === ts.SyntaxKind.AnyKeyword) lines.push(`${file}:${lineOf(node)}`);
    });
    return lines;
  });
  return {
    figures: [{ name: 'any', value: places.length, note: places.join(', ') }],
    findings: [],
  };
}
