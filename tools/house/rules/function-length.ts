import ts from 'typescript';
import type { HouseRules } from '../house-rules.js';
import type { Finding, Measurement } from '../measurement.js';
import { lineOf } from '../read/line-of.js';
import type { SourcePackage } from '../read/source-package.js';
import { walk } from '../read/walk.js';

interface MeasuredFunction {
  readonly file: string;
  readonly node: ts.FunctionLikeDeclaration;
  readonly lines: number;
}

export function functionLength({ modules }: SourcePackage, rules: HouseRules): Measurement {
  const functions = [...modules.values()]
    .flatMap(({ file, tree }) => functionsOf(file, tree))
    .toSorted((one, other) => one.lines - other.lines);
  const lengths = functions.map(({ lines }) => lines);
  const long = functions.filter(({ lines }) => lines > rules.linesPerFunction);
  return {
    figures: [
      { name: 'functions', value: functions.length },
      { name: 'median function', value: quantile(lengths, 0.5), note: 'lines' },
      { name: 'p90 function', value: quantile(lengths, 0.9), note: 'lines' },
      {
        name: `functions over ${rules.linesPerFunction} lines`,
        value: long.length,
        limit: 'none',
        broken: long.length > 0,
      },
    ],
    findings: long.map(finding),
  };
}

function functionsOf(file: string, tree: ts.SourceFile): readonly MeasuredFunction[] {
  const functions: MeasuredFunction[] = [];
  walk(tree, (node) => {
    if (!isFunction(node) || node.body === undefined) return;
    const last = tree.getLineAndCharacterOfPosition(node.end).line + 1;
    functions.push({ file, node, lines: last - lineOf(node) + 1 });
  });
  return functions;
}

function isFunction(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isAccessor(node)
  );
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
}

function finding({ file, node, lines }: MeasuredFunction): Finding {
  const message = `${nameOf(node)} has ${lines} lines: it hides another function`;
  return { rule: 'long function', file, line: lineOf(node), message };
}

function nameOf(node: ts.FunctionLikeDeclaration): string {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (node.name !== undefined) return node.name.getText();
  const { parent } = node;
  const named = ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent);
  return named ? parent.name.getText() : 'a function without a name';
}
