/** A field that comes again and again, as it is written behind its tag or with it. */
export interface RepeatedField {
  /** What it was made from: a name, or the key of an attribute. */
  readonly text: string;
  /** The value of an attribute, if the field holds it too. */
  readonly value: unknown;
  /** Whether the field holds an attribute's key alone, since its values are too many. */
  readonly isKey: boolean;
  readonly size: number;
  readonly lanes: Float64Array;
  /** The attribute that was written after it the last time. */
  next: RepeatedField | undefined;
}

/** So many bytes a field may have: its length is one byte then. */
export const MAX_FIELD_BYTES = 127;

const LANE_BYTES = 8;

/** A field of these bytes, or undefined where they cannot be kept. */
export function repeatedField(
  text: string,
  value: unknown,
  isKey: boolean,
  bytes: readonly number[],
): RepeatedField | undefined {
  const lanes = lanesOf(bytes);
  if (lanes === undefined) return undefined;
  return { text, value, isKey, size: bytes.length, lanes, next: undefined };
}

/** Writes eight bytes in one go, and up to seven behind the last of them, which are not of the field. */
export function putLanes(view: DataView, position: number, lanes: Float64Array): void {
  let at = position;
  for (let index = 0; index < lanes.length; index += 1) {
    view.setFloat64(at, lanes[index] as number, true);
    at += LANE_BYTES;
  }
}

/** A number holds any eight bytes unharmed, unless it is none. */
export function lanesOf(bytes: ArrayLike<number>): Float64Array | undefined {
  const padded = new DataView(new ArrayBuffer(Math.ceil(bytes.length / LANE_BYTES) * LANE_BYTES));
  new Uint8Array(padded.buffer).set(bytes);
  const lanes = new Float64Array(padded.byteLength / LANE_BYTES);
  for (let at = 0; at < padded.byteLength; at += LANE_BYTES) {
    const lane = padded.getFloat64(at, true);
    if (Number.isNaN(lane)) return undefined;
    lanes[at / LANE_BYTES] = lane;
  }
  return lanes;
}
