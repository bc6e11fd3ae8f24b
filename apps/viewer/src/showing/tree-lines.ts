import type { SpanNode } from '../assembling/trace-tree.js';
import { eventLine, linkLine, logLine, nodeLine, type LineContext } from './span-lines.js';

/** Deeper levels are not indented any more: a chain of spans would be a triangle of blanks. */
const MAX_INDENT_LEVEL = 40;
/** Lines of one trace. */
const MAX_LINES = 2_000;

/** What hangs below a span, at its time; its text is made only if it is shown. */
interface Branch {
  readonly time: bigint;
  readonly text: () => string;
  readonly node?: SpanNode;
}

/** A branch at its place. */
interface PlacedBranch {
  readonly branch: Branch;
  readonly level: number;
  readonly prefix: string;
  readonly isLast: boolean;
}

/** Trees as indented lines; of very large ones the first lines, and how many there are. */
export function treeLines(roots: readonly SpanNode[], context: LineContext): string[] {
  const lines: string[] = [];
  let untold = 0;
  // A loop: a sender decides how deep its tree is.
  const open = place(roots.map((root) => nodeBranch(root, context, true))).toReversed();
  for (let next = open.pop(); next; next = open.pop()) {
    if (lines.length < MAX_LINES) lines.push(lineOf(next));
    else untold += 1;
    const { node } = next.branch;
    if (node)
      for (const below of place(branchesOf(node, context), next).toReversed()) open.push(below);
  }
  if (untold > 0) lines.push(context.palette('warning', `… and ${untold} lines more`));
  return lines;
}

function place(branches: readonly Branch[], above?: PlacedBranch): PlacedBranch[] {
  const level = above ? above.level + 1 : 0;
  const prefix = above ? prefixBelow(above) : '';
  return branches.map((branch, index) => ({
    branch,
    level,
    prefix,
    isLast: index === branches.length - 1,
  }));
}

function prefixBelow({ level, prefix, isLast }: PlacedBranch): string {
  if (level === 0 || level >= MAX_INDENT_LEVEL) return prefix;
  return `${prefix}${isLast ? '   ' : '│  '}`;
}

function lineOf({ branch, level, prefix, isLast }: PlacedBranch): string {
  if (level === 0) return branch.text();
  const depth = level > MAX_INDENT_LEVEL ? `(level ${level}) ` : '';
  return `${prefix}${isLast ? '└─' : '├─'} ${depth}${branch.text()}`;
}

function branchesOf({ span, children, logs }: SpanNode, context: LineContext): Branch[] {
  const links = (span?.links ?? []).map((link) => ({
    time: span!.startNanos,
    text: () => linkLine(link, context),
  }));
  const events = (span?.events ?? []).map((event) => ({
    time: event.timeNanos,
    text: () => eventLine(event, context),
  }));
  const lines = logs.map((log) => ({
    time: log.timeNanos,
    text: () => logLine(log, context.palette),
  }));
  const spans = children.map((child) => nodeBranch(child, context, false));
  const timed = [...spans, ...events, ...lines].toSorted((one, other) =>
    compare(one.time, other.time),
  );
  return [...links, ...timed];
}

function nodeBranch(node: SpanNode, context: LineContext, isRoot: boolean): Branch {
  return { time: node.startNanos, text: () => nodeLine(node, context, isRoot), node };
}

function compare(one: bigint, other: bigint): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
