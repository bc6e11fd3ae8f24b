import type { TracerProvider } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { ExportStats } from '../export/export-state.js';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { observeSpans } from '../export/span-metrics.js';
import type { SpanPipeline } from '../export/span-pipeline.js';
import type { SpanStats } from '../export/span-accounts.js';
import type { ResolvedOptions } from '../options/resolve-options.js';
import { registeredProvider } from '../runtime.js';
import { reviveEarlyTracers } from './early-tracers.js';
import { openEntrance } from '../span/span-entrance.js';
import { nodeSdkConfiguration } from './node-sdk-configuration.js';
import type { RefusalListener } from './registration-watch.js';
import { watchRegistrations } from './registration-watch.js';
import { releaseGlobals } from './release-globals.js';
import type { RunningSdk } from './running-sdk.js';
import type { SetupOrigin } from './setup-origin.js';
import { LinksBasedSampler } from './links-based-sampler.js';
import { followsLocalParent, samplerFromEnv, samplerOf } from './sampler.js';

/** The SDKs that this package has started, by what they registered: a second application joins one. */
const ownSdks = new WeakMap<TracerProvider, OwnSdk>();

/** An SDK of ours, shared by every application of the process that came while it ran. */
export class OwnSdk implements RunningSdk {
  readonly origin = 'own';
  readonly followsLocalParent: boolean;
  readonly #sdk: NodeSDK;
  readonly #pipeline: SpanPipeline;
  readonly #spanProcessors: readonly SpanProcessor[];
  readonly #maxQueueSize: number;
  #users = 0;
  #stopObserving = (): void => undefined;
  #stopWatching = (): void => undefined;
  #provider: TracerProvider | undefined;
  #ending: Promise<void> | undefined;

  /** @param setUpAt where in the application's code */
  constructor(
    options: ResolvedOptions,
    pipeline: SpanPipeline,
    readonly setUpAt: SetupOrigin,
  ) {
    const sampler = samplerOf(options.given) ?? samplerFromEnv();
    this.followsLocalParent = followsLocalParent(sampler);
    this.#pipeline = pipeline;
    this.#maxQueueSize = options.batch.maxQueueSize;
    const linked = new LinksBasedSampler(sampler);
    const configuration = nodeSdkConfiguration(options, pipeline.processor, linked);
    this.#spanProcessors = configuration.spanProcessors;
    this.#sdk = new NodeSDK(configuration);
  }

  /** The running SDK of ours that is registered, if it is one. */
  static registered(): OwnSdk | undefined {
    return ownSdks.get(registeredProvider());
  }

  /**
   * Registers the SDK with OpenTelemetry's API.
   *
   * @param onRefused told of every other provider that comes while this one is registered
   */
  start(onRefused: RefusalListener): void {
    reviveEarlyTracers();
    this.#sdk.start();
    this.#stopWatching = watchRegistrations(onRefused);
    this.#provider = registeredProvider();
    ownSdks.set(this.#provider, this);
    openEntrance(this.#provider, this.#spanProcessors);
    this.#stopObserving = observeSpans(() => this.stats(), this.#maxQueueSize);
  }

  /** Counts one more application in; each of them stops it once. */
  join(): this {
    this.#users += 1;
    return this;
  }

  flush(): Promise<void> {
    return this.#pipeline.processor.forceFlush();
  }

  async stop(timeoutMillis: number): Promise<void> {
    this.#users -= 1;
    if (this.#users > 0) return this.flush();
    await this.end(timeoutMillis);
  }

  /** Stops, whoever still uses it. */
  end(timeoutMillis: number): Promise<void> {
    this.#ending ??= this.#end(timeoutMillis);
    return this.#ending;
  }

  stats(): SpanStats {
    return this.#pipeline.stats();
  }

  async #end(timeoutMillis: number): Promise<void> {
    this.#stopObserving();
    this.#stopWatching();
    this.#unregister();
    await Promise.all([this.#pipeline.stop(timeoutMillis), this.#sdk.shutdown()]);
  }

  exportStats(): ExportStats {
    return this.#pipeline.exportStats();
  }

  /** Leaves the API's globals free for the next application, if they are still ours. */
  #unregister(): void {
    if (registeredProvider() === this.#provider) releaseGlobals();
  }
}
