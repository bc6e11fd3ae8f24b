import type { HrTime } from '@opentelemetry/api';
import type { ProtobufWriter } from './protobuf-writer.js';

/** A billion is this times 512: seconds below 2^32 times it is still an exact number. */
const SCALED_BILLION = 1_953_125;
const TWO_POW_23 = 8_388_608;
const TWO_POW_32 = 4_294_967_296;

/**
 * Writes a time as nanoseconds since 1970 in 64 bits, exactly. What is before 1970, after 2554 or no
 * time at all is written as 0, "unknown".
 */
export function writeHrTime(writer: ProtobufWriter, tag: number, time: HrTime): void {
  const seconds = time[0];
  const nanos = time[1];
  const usual = seconds >>> 0 === seconds && nanos >= 0 && nanos < TWO_POW_32;
  if (!usual) return writeUnusual(writer, tag, seconds, nanos);
  const scaled = seconds * SCALED_BILLION;
  const low = (scaled & (TWO_POW_23 - 1)) * 512 + Math.trunc(nanos);
  const carry = low >= TWO_POW_32 ? 1 : 0;
  writer.fixed64(tag, Math.floor(scaled / TWO_POW_23) + carry, low - carry * TWO_POW_32);
}

function writeUnusual(writer: ProtobufWriter, tag: number, seconds: number, nanos: number): void {
  const isTime = Number.isFinite(seconds) && Number.isFinite(nanos);
  const total = isTime
    ? BigInt(Math.trunc(seconds)) * 1_000_000_000n + BigInt(Math.trunc(nanos))
    : 0n;
  const known = total === BigInt.asUintN(64, total) ? total : 0n;
  writer.fixed64(tag, Number(known >> 32n), Number(known & 0xffffffffn));
}
