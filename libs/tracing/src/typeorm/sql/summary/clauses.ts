import type { Frames } from './frames.js';
import { EXPECTS_TARGET, LISTS_TARGETS } from './frames.js';
import { GRANTS, INTO, READS, UPDATES } from '../tokens/keyword-roles.js';
import type { Keyword } from '../tokens/keywords.js';
import { KEYWORDS } from '../tokens/keywords.js';
import type { Lookahead } from './operations.js';

/** Reads a keyword that begins a clause of an operation: its targets may come next, or end. */
export function readClause(
  frames: Frames,
  keyword: Keyword,
  previous: Keyword | undefined,
  next: Lookahead,
): void {
  if (frames.is(GRANTS)) readGrant(frames, keyword);
  else if (joins(keyword, previous)) {
    if (frames.has(LISTS_TARGETS)) frames.add(EXPECTS_TARGET);
  } else if (keyword === KEYWORDS.from) {
    // `IS DISTINCT FROM` compares, it names no source.
    const compares = previous === KEYWORDS.distinct;
    if ((frames.is(READS) || frames.is(UPDATES)) && !compares) frames.listTargets();
  } else if (keyword === KEYWORDS.using) {
    if ((frames.is(READS) || frames.is(INTO)) && !next.isOpening) frames.listTargets();
  } else if (keyword === KEYWORDS.into && frames.is(INTO)) frames.add(EXPECTS_TARGET);
}

/** `GRANT … ON t, u TO alice, bob`. */
function readGrant(frames: Frames, keyword: Keyword): void {
  if (keyword === KEYWORDS.on) frames.listTargets();
  else if (keyword === KEYWORDS.to || keyword === KEYWORDS.from) frames.endTargets();
}

function joins(keyword: Keyword, previous: Keyword | undefined): boolean {
  if (keyword === KEYWORDS.join || keyword === KEYWORDS.straightJoin) return true;
  if (keyword !== KEYWORDS.apply) return false;
  return previous === KEYWORDS.cross || previous === KEYWORDS.outer;
}
