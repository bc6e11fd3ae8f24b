import { weightOfLog, weightOfSpan } from '../../assembling/weight.js';
import type { FileContent } from '../read-file.js';

/** What one turn of the event loop takes at once. */
const PIECE_BYTES = 1024 * 1024;

/** Cuts what a file holds into pieces that are put into the store without a pause that anybody sees. */
export function* piecesOf({ spans, logs }: FileContent): Iterable<FileContent> {
  let piece: FileContent = { spans: [], logs: [] };
  let weight = 0;
  const isFull = (more: number) => (weight += more) > PIECE_BYTES;
  for (const span of spans) {
    piece.spans.push(span);
    if (!isFull(weightOfSpan(span))) continue;
    yield piece;
    [piece, weight] = [{ spans: [], logs: [] }, 0];
  }
  for (const log of logs) {
    piece.logs.push(log);
    if (!isFull(weightOfLog(log))) continue;
    yield piece;
    [piece, weight] = [{ spans: [], logs: [] }, 0];
  }
  if (weight > 0) yield piece;
}
