import { ROW, type DisplayTree } from '../trace/display-tree.js';

/** Start and end of what a row draws, in microseconds. */
export function barEdges(tree: DisplayTree, position: number): readonly [number, number] {
  const { model, folds } = tree;
  const ref = tree.ref[position]!;
  if (tree.kind[position] === ROW.span) return spanEdges(tree, ref);
  if (tree.kind[position] === ROW.fold) {
    const { members } = folds[ref]!;
    let last = 0;
    for (const member of members) last = Math.max(last, spanEdges(tree, member)[1]);
    return [model.start[members[0]!]!, last];
  }
  if (tree.kind[position] === ROW.log) {
    const time = model.detail.logs.time[ref]!;
    return [time, time];
  }
  const { links } = model.detail;
  const start = links.start[ref] ?? model.start[links.span[ref]!]!;
  return [start, start + (links.duration[ref] ?? 0)];
}

function spanEdges({ model }: DisplayTree, span: number): readonly [number, number] {
  return [model.start[span]!, model.start[span]! + model.duration[span]!];
}
