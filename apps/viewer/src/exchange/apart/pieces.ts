import { weightOfLog, weightOfSpan } from '../../assembling/weight.js';
import type { FileContent } from '../read-file.js';

/** What one turn of the event loop takes at once. */
const PIECE_BYTES = 1024 * 1024;

/** Cuts what a file holds into pieces that are put into the store without a pause that anybody sees. */
export function* piecesOf({ spans, logs }: FileContent): Iterable<FileContent> {
  let piece: FileContent = { spans: [], logs: [] };
  let weight = 0;
  /** The pieces that are full once some records are in them. */
  const filled = function* <T>(
    records: readonly T[],
    weightOf: (record: T) => number,
    listOf: (piece: FileContent) => T[],
  ): Iterable<FileContent> {
    for (const record of records) {
      listOf(piece).push(record);
      weight += weightOf(record);
      if (weight <= PIECE_BYTES) continue;
      yield piece;
      [piece, weight] = [{ spans: [], logs: [] }, 0];
    }
  };
  yield* filled(spans, weightOfSpan, (each) => each.spans);
  yield* filled(logs, weightOfLog, (each) => each.logs);
  if (weight > 0) yield piece;
}
