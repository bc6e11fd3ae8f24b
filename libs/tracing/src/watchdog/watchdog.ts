import type { Worker } from 'node:worker_threads';
import { findPackageFile } from '../package-file.js';
import type { SpanGuard } from '../tracer/span-shared.js';
import { OpenSpans } from './open-spans.js';
import { VERSION } from '../version.js';
import type { InCleanContext } from './pulse/clean-context.js';
import { cleanContext } from './pulse/clean-context.js';
import { areTimersFake } from './pulse/clock.js';
import { GcMeter } from './pulse/gc-meter.js';
import { Heartbeat } from './pulse/heartbeat.js';
import { obstacle } from './pulse/obstacle.js';
import type { Stall } from './pulse/stall.interface.js';
import type { Capture } from './sampling/capture.js';
import type { Frame } from './sampling/frame.js';
import { SampleHook } from './sampling/sample-hook.js';
import { SpanWatch } from './span-watch.js';
import { StallJudge } from './stall-judge.js';
import { spawnWatcher } from './thread/spawn-watcher.js';
import { WatchMemory } from './thread/watch-memory.js';
import type { WatchdogSettings } from './watchdog-settings.interface.js';
import type { WatchdogStats } from './watchdog-stats.interface.js';
import { WatcherSeat } from './watcher-seat.js';

const HOOK = `nestjs-tracing ${VERSION} watchdog`;
const THREAD = 'dist/watchdog/thread/watcher-thread.js';

const MIN_POLL = 10;
const MAX_POLL = 50;

/**
 * Sees that the event loop is blocked, and by whom: a thread that misses this one's heartbeat asks it
 * where it is, in the middle of what blocks it. See docs/watchdog.md.
 */
export class Watchdog {
  readonly seat: WatcherSeat;
  readonly #warn: (message: string) => void;
  readonly #isQuiet: boolean;
  readonly #memory = new WatchMemory();
  readonly #inCleanContext: InCleanContext = cleanContext();
  readonly #hook: SampleHook;
  readonly #heart: Heartbeat;
  readonly #judge: StallJudge;
  readonly #gc = new GcMeter();
  #open = new OpenSpans();
  #obstacle = obstacle();
  #worker: Worker | undefined;
  #isOn = false;

  /** @param warn told what blocks the event loop, and what keeps the watchdog from seeing it */
  constructor({ thresholdMillis, isQuiet }: WatchdogSettings, warn: (message: string) => void) {
    const pollMillis = Math.min(MAX_POLL, Math.max(MIN_POLL, thresholdMillis / 4));
    const memory = this.#memory;
    const memo = new WeakMap<Capture, readonly Frame[]>();
    const hook = new SampleHook(memory, HOOK, (sample) =>
      this.#judge.placeOf(sample, this.#heart.stallSoFar()),
    );
    const noWatcher = (): string | undefined => this.#noWatcher();
    const given = { thresholdMillis, isQuiet, hook, gc: this.#gc, memo, warn };
    const parts = { ...given, obstacle: noWatcher };
    this.#warn = warn;
    this.#isQuiet = isQuiet;
    this.#hook = hook;
    this.#judge = new StallJudge(parts, () => this.#open);
    this.#heart = new Heartbeat(
      memory,
      pollMillis,
      this.#gc,
      {
        turned: (stall: Stall) => this.#judge.loopTurned(stall),
        isBusy: () => this.#open.hasAny,
      },
      this.#inCleanContext,
    );
    const { buffer } = memory;
    const data = { memory: buffer, hook: HOOK, thresholdMillis, pollMillis, isQuiet };
    this.seat = new WatcherSeat(data);
  }

  /**
   * The processor by which it knows of spans: to be the first of all, so that the others see its marks.
   *
   * @param open the spans that are open, if somebody keeps them already
   */
  processor(open?: OpenSpans): SpanGuard {
    if (open === undefined)
      return new SpanWatch(this.#heart, this.#judge, (span) => this.#open.add(span));
    this.#open = open;
    return new SpanWatch(this.#heart, this.#judge, undefined);
  }

  /** Begins to watch, once. Says what keeps it from naming who blocks. */
  start(): void {
    if (this.#isOn || this.#hasFakeTimers()) return;
    this.#isOn = true;
    this.#inCleanContext(() => {
      if (this.#noWatcher() === undefined) this.#findWatcher();
    });
    const why = this.#noWatcher();
    if (why !== undefined && this.#isQuiet) return this.stop(); // nobody would be told of anything
    this.#heart.start();
    if (this.#open.hasAny) this.#heart.wake(); // of those that were opened before, none will
    if (why !== undefined)
      this.#warn(
        `The watchdog can tell how long the event loop is blocked, and not by whom: ${why}.`,
      );
  }

  stop(): void {
    if (!this.#isOn) return;
    this.#isOn = false;
    this.#heart.stop();
    this.#gc.stop();
    this.#hook.remove();
    void this.#worker?.terminate();
  }

  stats(): WatchdogStats {
    const { stalls, blockedMillis, unattributed, warningsHeldBack } = this.#judge;
    const { pokes } = this.#memory;
    return {
      isOn: this.#isOn,
      stalls,
      blockedMillis: Math.round(blockedMillis),
      unattributed,
      pokes,
      warningsHeldBack,
    };
  }

  #hasFakeTimers(): boolean {
    if (areTimersFake && !this.#isQuiet)
      this.#warn(
        'The watchdog is off: timers were faked before nestjs-tracing was loaded. Fake them later, or ' +
          'set watchdog: false.',
      );
    return areTimersFake;
  }

  #findWatcher(): void {
    try {
      this.#hook.install();
      if (!this.seat.isTaken) this.#spawn();
    } catch (error) {
      this.#obstacle = String(error);
    }
  }

  #spawn(): void {
    const file = findPackageFile(THREAD);
    if (file === undefined) {
      this.#obstacle =
        'the file of its thread was not found; leave nestjs-tracing out of the bundle, or install it ' +
        'beside it';
      return;
    }
    this.#worker = spawnWatcher(file, this.seat.data, (reason) => {
      if (this.#isOn) this.#obstacle = `its thread has ended (${reason})`;
    });
  }

  #noWatcher(): string | undefined {
    if (this.#memory.hasFailed) return 'the inspector refuses to ask the main thread';
    return this.#obstacle ?? this.seat.lossReason;
  }
}
