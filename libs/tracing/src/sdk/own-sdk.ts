import type { TracerProvider } from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import type { ExportStats } from '../export/accounts/export-state.js';
import { observeSpans } from '../export/accounts/span-metrics.js';
import type { SpanPipeline } from '../export/span-pipeline.interface.js';
import type { SpanStats } from '../export/accounts/span-accounts.js';
import { withBudget } from '../export/accounts/span-accounts.js';
import type { ResolvedOptions } from '../options/resolve-options.js';
import { RareWarning } from '../rare-warning.js';
import type { Watchdog } from '../watchdog/watchdog.js';
import { NO_WATCHDOG_STATS } from '../watchdog/watchdog-stats.interface.js';
import type { WatchdogStats } from '../watchdog/watchdog-stats.interface.js';
import { settled } from '../settled.js';
import { processSlot } from '../process-slot.js';
import { registeredProvider } from '../span/registered-provider.js';
import type { SamplingStats } from '../tracer/sampling/sampling-rule.js';
import type { SamplingRules } from '../tracer/sampling/sampling-rules.js';
import { SpanBudget } from '../tracer/budget/span-budget.js';
import { reviveEarlyTracers } from './early-tracers.js';
import { nodeSdkConfiguration } from './node-sdk-configuration.js';
import type { RefusalListener } from './registration-watch.js';
import { watchRegistrations } from './registration-watch.js';
import { releaseGlobals } from '../span/release-globals.js';
import type { RunningSdk } from './running-sdk.js';
import type { SetupOrigin } from './setup-origin.js';
import { LinksBasedSampler } from './links-based-sampler.js';
import { followsLocalParent, samplerFromEnv, samplerOf } from './sampler.js';
import { samplingRules } from './sampling-rules.js';
import { TracingSdk } from './tracing-sdk.js';

/** The SDKs that this package has started, by what they registered: a second application joins one. */
const ownSdks = processSlot('own SDKs', () => new WeakMap<TracerProvider, OwnSdk>());

/** An SDK of ours, shared by every application of the process that came while it ran. */
export class OwnSdk implements RunningSdk {
  readonly origin = 'own';
  readonly followsLocalParent: boolean;
  readonly #sdk: TracingSdk;
  readonly #pipeline: SpanPipeline;
  readonly #watchdog: Watchdog | undefined;
  readonly #maxQueueSize: number;
  /** What the application has brought, beside the pipeline. */
  readonly #processors: readonly SpanProcessor[];
  readonly #budget: SpanBudget | undefined;
  readonly #rules: SamplingRules | undefined;
  #users = 0;
  #stopObserving = (): void => undefined;
  #stopWatching = (): void => undefined;
  #provider: TracerProvider | undefined;
  #ending: Promise<void> | undefined;

  /**
   * @param setUpAt where in the application's code
   * @param warn is told of what the application should know while it runs
   */
  constructor(
    options: ResolvedOptions,
    pipeline: SpanPipeline,
    readonly setUpAt: SetupOrigin,
    warn: (message: string) => void,
    watchdog?: Watchdog,
  ) {
    const sampler = samplerOf(options) ?? samplerFromEnv();
    this.followsLocalParent = followsLocalParent(sampler);
    this.#pipeline = pipeline;
    this.#watchdog = watchdog;
    this.#maxQueueSize = options.batch.maxQueueSize;
    this.#processors = options.sdk?.spanProcessors ?? [];
    const linked = new LinksBasedSampler(sampler);
    const guard = watchdog?.processor(pipeline.open);
    const processors = [...this.#processors, pipeline.processor];
    const configuration = nodeSdkConfiguration(options, processors, linked);
    this.#budget = spanBudget(options, warn);
    this.#rules = samplingRules(options.sampler);
    this.#sdk = new TracingSdk({
      ...configuration,
      guard,
      budget: this.#budget,
      rules: this.#rules,
    });
  }

  /** The running SDK of ours that is registered, if it is one. */
  static registered(): OwnSdk | undefined {
    return ownSdks.current.get(registeredProvider());
  }

  /**
   * Registers the SDK with OpenTelemetry's API.
   *
   * @param onRefused told of every other provider that comes while this one is registered
   * @throws whatever the parts that `sdk` brings throw; then nothing is registered
   */
  start(onRefused: RefusalListener): void {
    try {
      this.#start(onRefused);
    } catch (error) {
      releaseGlobals(); // a context manager or a propagator may be registered without a provider
      throw error;
    }
  }

  #start(onRefused: RefusalListener): void {
    reviveEarlyTracers();
    this.#sdk.start();
    this.#stopWatching = watchRegistrations(onRefused);
    this.#provider = registeredProvider();
    ownSdks.current.set(this.#provider, this);
    this.#stopObserving = observeSpans(() => this.stats(), this.#maxQueueSize);
  }

  /** Counts one more application in; each of them stops it once. */
  join(): this {
    this.#users += 1;
    return this;
  }

  flush(timeoutMillis: number): Promise<void> {
    const others = this.#processors.map(async (processor) => processor.forceFlush());
    return settled([this.#pipeline.flush(timeoutMillis), ...others]);
  }

  async stop(timeoutMillis: number): Promise<void> {
    this.#users -= 1;
    if (this.#users > 0) return this.flush(timeoutMillis);
    await this.end(timeoutMillis);
  }

  /** Stops, whoever still uses it. */
  end(timeoutMillis: number): Promise<void> {
    this.#ending ??= this.#end(timeoutMillis);
    return this.#ending;
  }

  stats(): SpanStats {
    const stats = this.#pipeline.stats();
    return this.#budget === undefined ? stats : withBudget(stats, this.#budget.totals);
  }

  samplingStats(): readonly SamplingStats[] {
    return this.#rules?.stats() ?? [];
  }

  async #end(timeoutMillis: number): Promise<void> {
    this.#watchdog?.stop();
    this.#stopObserving();
    this.#stopWatching();
    this.#unregister();
    await settled([this.#pipeline.stop(timeoutMillis), this.#sdk.shutdown()]);
  }

  exportStats(): ExportStats {
    return this.#pipeline.exportStats();
  }

  watch(): void {
    this.#watchdog?.start();
  }

  watchdogStats(): WatchdogStats {
    return this.#watchdog?.stats() ?? NO_WATCHDOG_STATS;
  }

  /** Leaves the API's globals free for the next application, if they are still ours. */
  #unregister(): void {
    if (registeredProvider() === this.#provider) releaseGlobals();
  }
}

/** One trace after the other may be too large: that is said now and then. */
function spanBudget(
  { spanBudget: limits }: ResolvedOptions,
  warn: (message: string) => void,
): SpanBudget | undefined {
  if (limits === undefined) return undefined;
  const warning = new RareWarning(warn);
  return new SpanBudget(limits, (message) => warning.say(message));
}
