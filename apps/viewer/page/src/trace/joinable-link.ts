import { ROW, hasChildren, type DisplayTree } from './display-tree.js';
import { linkInto } from './join-traces.js';
import type { TraceModel } from './trace-model.js';

/** Whether both ends of a link can stand in one waterfall: the other trace is there, and its times. */
export function isJoinable({ detail, ownCount }: TraceModel, link: number): boolean {
  const { links, traceId } = detail;
  const isElsewhere = links.span[link]! < ownCount && links.traceId[link] !== traceId;
  return isElsewhere && links.isKnown[link]! && typeof links.start[link] === 'number';
}

/** The link of a row below which another trace can be shown and is not yet; -1 if there is none. */
export function joinableLink(tree: DisplayTree, position: number): number {
  const link = tree.ref[position]!;
  if (tree.kind[position] !== ROW.link || hasChildren(tree, position)) return -1;
  const { detail } = tree.model;
  const isFirst = linkInto(detail, detail.links.traceId[link]!) === link;
  return isFirst && isJoinable(tree.model, link) ? link : -1;
}
