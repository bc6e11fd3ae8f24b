import type { WatchMemory } from '../thread/watch-memory.js';
import { WATCH } from '../thread/watch-memory.js';
import type { InCleanContext } from './clean-context.js';
import { clock, idleMillis, restartableTimer } from './clock.js';
import type { GcMeter } from './gc-meter.js';
import { isInspected } from './inspected.js';
import { cpuMillis } from './cpu-time.js';
import type { Stall } from './stall.interface.js';
import { millisOf } from './stall.interface.js';

/** Beats without an open span after which there is nothing to watch. */
const QUIET_BEATS = 4;
/**
 * So many beats the garbage of turns that were short adds up, before it is counted anew: to do so costs
 * more than all else of a beat. A collection that matters makes a turn long, and the count starts with that.
 */
const GC_BEATS = 8;
/** Polls that a turn takes which is long. */
const LONG_POLLS = 2;

/** Whom the heartbeat tells, and asks. */
interface HeartbeatListener {
  /** The loop turns again; `stall` is how long it did not, be it ever so short. */
  turned(stall: Stall): void;
  /** Whether any span is open. */
  isBusy(): boolean;
}

/** Beats while the event loop turns and a span is open. It is a timer, so a blocked loop holds it up. */
export class Heartbeat {
  readonly #memory: WatchMemory;
  readonly #gc: GcMeter;
  readonly #listener: HeartbeatListener;
  readonly #inCleanContext: InCleanContext;
  readonly #timer: NodeJS.Timeout;
  readonly #longMillis: number;
  /** Whether the next span is to wake it. */
  isResting = false;
  #isBeating = false;
  #quietBeats = 0;
  #gcBeats = 0;
  #beatAt = 0;
  #idleAt = 0;
  #cpuAt = 0;

  constructor(
    memory: WatchMemory,
    pollMillis: number,
    gc: GcMeter,
    listener: HeartbeatListener,
    inCleanContext: InCleanContext,
  ) {
    this.#memory = memory;
    this.#gc = gc;
    this.#listener = listener;
    this.#inCleanContext = inCleanContext;
    this.#longMillis = LONG_POLLS * pollMillis;
    this.#timer = restartableTimer(() => this.#beat(), pollMillis);
  }

  /** Begins to beat, with the first span: in the middle of a request, which the timer must not keep. */
  wake(): void {
    this.isResting = false;
    this.#isBeating = true;
    this.#quietBeats = 0;
    this.#restartGc();
    this.#mark(clock(), cpuMillis());
    this.#memory.addBeat();
    this.#memory.isInspected = isInspected();
    this.#memory.state = WATCH.watch;
    this.#inCleanContext(() => this.#timer.refresh());
  }

  /** From now on a span wakes it. */
  start(): void {
    this.isResting = true;
  }

  stop(): void {
    this.isResting = this.#isBeating = false;
    clearTimeout(this.#timer);
    this.#memory.state = WATCH.close;
  }

  /** The time since the last beat in which the loop had something to do, up to now. */
  stallSoFar(): Stall {
    const now = clock();
    const busy = now - this.#beatAt - (idleMillis() - this.#idleAt);
    return {
      startedAt: now - Math.max(0, busy),
      endedAt: now,
      cpuFrom: this.#cpuAt,
      cpuMillis: cpuMillis() - this.#cpuAt,
      starvedMillis: this.#memory.starvedMillis,
    };
  }

  #beat(): void {
    if (!this.#isBeating) return;
    const stall = this.stallSoFar();
    this.#mark(stall.endedAt, stall.cpuFrom + stall.cpuMillis);
    this.#memory.addBeat();
    this.#listener.turned(stall);
    this.#gcBeats += 1;
    if (this.#gcBeats >= GC_BEATS || millisOf(stall) >= this.#longMillis) this.#restartGc();
    this.#quietBeats = this.#listener.isBusy() ? 0 : this.#quietBeats + 1;
    if (this.#quietBeats < QUIET_BEATS) this.#timer.refresh();
    else this.#rest();
  }

  #rest(): void {
    this.#isBeating = false;
    this.isResting = true;
    this.#gc.stop();
    this.#memory.state = WATCH.rest;
  }

  #restartGc(): void {
    this.#gcBeats = 0;
    this.#gc.restart();
  }

  #mark(now: number, cpu: number): void {
    this.#beatAt = now;
    this.#idleAt = idleMillis();
    this.#cpuAt = cpu;
  }
}
