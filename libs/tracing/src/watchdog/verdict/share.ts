import type { Context, Span } from '@opentelemetry/api';
import { trace } from '@opentelemetry/api';
import type { Stall } from '../pulse/stall.interface.js';
import type { Frame, FrameMemo } from '../sampling/frame.js';
import { framesOf } from '../sampling/frame.js';
import type { Sample } from '../sampling/sample.interface.js';
import { credibleFrames, culpritOf, isLate } from './credible.js';
import type { HeldUpBy } from './held-up.js';
import { heldUpBy } from './held-up.js';

/** One culprit's part of a stall. */
export interface Share {
  /** Undefined: nobody can be named. */
  readonly context: Context | undefined;
  readonly span: Span | undefined;
  readonly frames: readonly Frame[];
  readonly culprit: Frame | undefined;
  readonly millis: number;
  readonly samples: number;
  /** What held up most of it; undefined if it answered when it was asked. */
  readonly heldUpBy: HeldUpBy | undefined;
}

/** What one sample says. */
interface Witness {
  readonly context: Context | undefined;
  readonly span: Span | undefined;
  readonly frames: readonly Frame[];
  readonly culprit: Frame | undefined;
  readonly isLate: boolean;
  readonly heldUpBy: HeldUpBy | undefined;
  readonly millis: number;
}

/** Divides a stall among those that the samples name; the parts add up to its whole. */
export function sharesOf(samples: readonly Sample[], stall: Stall, memo: FrameMemo): Share[] {
  const groups: Witness[][] = [];
  for (const witness of witnesses(samples, stall, memo)) {
    const group = groups.find(([first]) => first !== undefined && isSame(first, witness));
    if (group === undefined) groups.push([witness]);
    else group.push(witness);
  }
  return groups.map(shareOf).filter(({ millis }) => millis > 0);
}

/** Prompt answers first: they name the very line, late ones only somebody above it. */
function witnesses(samples: readonly Sample[], stall: Stall, memo: FrameMemo): Witness[] {
  const told = samples.map((sample, at) => {
    const millis = endOf(samples, at, stall) - endOf(samples, at - 1, stall);
    const facts = { isLate: isLate(sample), heldUpBy: heldUpBy(samples, sample, stall), millis };
    return witnessOf(sample, framesOf(sample.stack, memo), facts);
  });
  return told.toSorted((a, b) => Number(a.isLate) - Number(b.isLate));
}

/** Until when a sample speaks: half of the way to the next one, or all of it, if that was held up. */
function endOf(samples: readonly Sample[], at: number, stall: Stall): number {
  if (at < 0) return stall.startedAt;
  const [sample, next] = [samples[at], samples[at + 1]];
  if (sample === undefined || next === undefined) return stall.endedAt;
  const end = isLate(next)
    ? Math.max(sample.answeredAt, next.askedAt)
    : (sample.answeredAt + next.answeredAt) / 2;
  return Math.min(Math.max(end, stall.startedAt), stall.endedAt);
}

function witnessOf(
  { context }: Sample,
  all: readonly Frame[],
  facts: Pick<Witness, 'isLate' | 'heldUpBy' | 'millis'>,
): Witness {
  const frames = facts.isLate ? credibleFrames(all) : all;
  if (frames === undefined)
    return { ...facts, context: undefined, span: undefined, frames: [], culprit: undefined };
  return { ...facts, context, span: trace.getSpan(context), frames, culprit: culpritOf(frames) };
}

function isSame(one: Witness, other: Witness): boolean {
  if (one.span !== other.span || (one.context === undefined) !== (other.context === undefined))
    return false;
  if (isSameCall(one.culprit, other.culprit)) return true;
  // A late answer names a caller of what ran.
  return other.isLate && one.frames.some((frame) => isSameCall(frame, other.culprit));
}

function isSameCall(one: Frame | undefined, other: Frame | undefined): boolean {
  return one?.name === other?.name && one?.file === other?.file;
}

function shareOf(group: readonly Witness[]): Share {
  const { context, span, frames, culprit } = mostHeard(group);
  return {
    context,
    span,
    frames,
    culprit,
    millis: sumOf(group),
    samples: group.length,
    heldUpBy: mostlyHeldUpBy(group),
  };
}

function mostlyHeldUpBy(group: readonly Witness[]): HeldUpBy | undefined {
  const sum = (by: HeldUpBy): number => sumOf(group.filter(({ heldUpBy: held }) => held === by));
  const [native, wait] = [sum('native'), sum('wait')];
  if (native + wait <= sumOf(group) / 2) return undefined;
  return native >= wait ? 'native' : 'wait';
}

/** The witness of the line that took longest: of the application's, if any saw it. */
function mostHeard(group: readonly Witness[]): Witness {
  const closer = group.filter(({ culprit }) => culprit?.owner === 'application');
  const byLine = Map.groupBy(
    closer.length > 0 ? closer : group,
    ({ culprit }) => `${culprit?.file}:${culprit?.line}`,
  );
  const [longest] = [...byLine.values()].toSorted((a, b) => sumOf(b) - sumOf(a));
  return (longest as Witness[])[0] as Witness;
}

function sumOf(witnesses: readonly Witness[]): number {
  return witnesses.reduce((sum, { millis }) => sum + millis, 0);
}
