import { Logger } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { installRegistry } from './detached/current-registry.js';
import { DetachedDrain } from './detached/detached-drain.js';
import { DetachedRegistry } from './detached/detached.registry.js';
import type { ExportStats } from './export/accounts/export-state.js';
import type { SpanStats } from './export/accounts/span-accounts.js';
import { HttpTracing } from './http/http-tracing.js';
import { NO_HTTP } from './http/http.schema.js';
import type { ControllerFacts } from './http/incoming/adapter-hooks.js';
import { createOffloader } from './offload/caller/create-offloader.js';
import type { Offloader } from './offload/caller/offloader.js';
import { resolveOptions, untracedOptions } from './options/resolve-options.js';
import type { HostOptions } from './options/resolve-options.js';
import type { TracingModuleOptions } from './options/tracing-options.interface.js';
import type { ProtocolOptions } from './protocols/protocol-tracing.js';
import type { SamplerSettings } from './options/sampler.schema.js';
import { guard } from './span/guard.js';
import { AttributeWarnings } from './span/attributes/attribute-warnings.js';
import type { TracingRuntime } from './span/runtime.js';
import { installRuntime } from './span/runtime.js';
import { NO_SDK } from './sdk/no-sdk.js';
import type { RunningSdk } from './sdk/running-sdk.js';
import { rulesOf } from './sdk/sampling-rules.js';
import { SetupOrigin } from './sdk/setup-origin.js';
import { startSdk } from './sdk/start-sdk.js';
import { RareWarning } from './rare-warning.js';
import { unmatchedRules } from './sdk/unmatched-rules.js';
import type { WaysIn } from './sdk/unmatched-rules.js';
import { undoIfFailed } from './sdk/undo-if-failed.js';
import type { SamplingStats } from './tracer/sampling/sampling-rule.js';
import type { WatchdogStats } from './watchdog/watchdog-stats.interface.js';
import { withDeadline } from './with-deadline.js';

/** What stopping takes once the export's own deadline is over: to count what is lost and to end. */
const STOP_GRACE_MILLIS = 450;

const logger = new Logger('TracingModule');

/** One application's tracing from its start to its stop: the SDK it uses and the runtime it has set. */
export class TracingHost {
  readonly shutdownTimeoutMillis: number;
  readonly detached: DetachedRegistry;
  readonly drain: DetachedDrain;
  readonly offloader: Offloader;
  /** How the ways in beside HTTP are traced, or undefined if nothing is. */
  readonly protocols: ProtocolOptions | undefined;
  readonly #sdk: RunningSdk;
  readonly #http: HttpTracing;
  readonly #rules: SamplerSettings['rules'];
  readonly #runtime: { -readonly [Key in keyof TracingRuntime]: TracingRuntime[Key] };
  readonly #uninstall: () => void;
  readonly #flushWarnings = new RareWarning((message) => logger.warn(message));
  #stopping: Promise<void> | undefined;

  private constructor(sdk: RunningSdk, options: HostOptions) {
    const { attributeValueLengthLimit, attributeCountLimit } = options.spanLimits;
    this.shutdownTimeoutMillis = options.shutdownTimeoutMillis;
    const warn = (message: string): void => logger.warn(message);
    this.offloader = createOffloader(options.offload, options.spanLimits, warn);
    this.detached = new DetachedRegistry(options.detached);
    this.drain = new DetachedDrain(this.detached, options.shutdownTimeoutMillis);
    this.#sdk = sdk;
    this.#runtime = {
      errors: options.errors,
      cancelled: options.cancelled,
      followsLocalParent: sdk.followsLocalParent,
      knowsRecording: sdk.origin === 'own',
      attributeLimits: {
        valueLength: attributeValueLengthLimit ?? Infinity,
        count: attributeCountLimit ?? Infinity,
      },
      repeats: options.spanBudget,
      attributeWarnings: new AttributeWarnings(warn),
      starting: true,
      startUpSpan: trace.getActiveSpan(),
    };
    this.#rules = sdk.origin === 'own' ? rulesOf(options.sampler) : [];
    this.protocols = sdk.origin === 'none' ? undefined : options;
    const http = sdk.origin === 'none' ? NO_HTTP : options.http;
    this.#http = new HttpTracing(http, warn);
    const takeOut = [installRuntime(this.#runtime), installRegistry(this.detached)];
    this.#uninstall = () => takeOut.forEach((uninstall) => uninstall());
  }

  /**
   * Starts tracing with the module's options. Tracing that cannot start is reported and the
   * application runs untraced, unless `strict` asks for the error.
   *
   * @param setUpAt where in the application's code
   */
  static start(
    given: TracingModuleOptions | undefined,
    setUpAt: SetupOrigin = SetupOrigin.UNKNOWN,
  ): TracingHost {
    const started = TracingHost.#tryStart(given, setUpAt);
    if (!(started instanceof TracingHost)) {
      if (given?.strict === true) throw started.error;
      logger.error(`Tracing is off: ${describe(started.error)}`);
      return new TracingHost(NO_SDK, untracedOptions());
    }
    return started;
  }

  static #tryStart(
    given: TracingModuleOptions | undefined,
    setUpAt: SetupOrigin,
  ): TracingHost | { error: unknown } {
    try {
      const options = resolveOptions(given ?? {});
      const sdk = startSdk(options, logger, setUpAt);
      return undoIfFailed(
        () => sdk.stop(0),
        () => new TracingHost(sdk, options),
      );
    } catch (error) {
      return { error };
    }
  }

  /** Connects the application's HTTP adapter, before its routes are made. */
  connect(adapter: unknown, controllers: ControllerFacts): void {
    this.#http.connect(adapter, controllers);
  }

  /** The application begins to close. */
  beginStop(): void {
    this.#http.endStreams();
  }

  /** Nest has made its modules and routes; from now on spans are the application's work. */
  finishStart(ways: Omit<WaysIn, 'routes'>): void {
    guard('checking the rules of sampling', () => {
      const known = { ...ways, routes: this.#http.routes };
      unmatchedRules(this.#rules, known).forEach((fault) => logger.warn(fault));
    });
    this.#runtime.starting = false;
    this.#sdk.watch();
  }

  /** Exports what has ended, within a time limit. Reports a failure and never rejects. */
  async flush(timeoutMillis: number): Promise<void> {
    const warn = (message: string): void => this.#flushWarnings.say(message);
    await this.#within(timeoutMillis, 'flush', this.#sdk.flush(timeoutMillis), warn);
  }

  /**
   * Drains detached work if nobody has yet, lets offloaded tasks end, then flushes and stops, once,
   * within the deadline.
   */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop().finally(this.#uninstall);
    return this.#stopping;
  }

  stats(): SpanStats {
    return this.#sdk.stats();
  }

  samplingStats(): readonly SamplingStats[] {
    return this.#sdk.samplingStats();
  }

  exportStats(): ExportStats {
    return this.#sdk.exportStats();
  }

  watchdogStats(): WatchdogStats {
    return this.#sdk.watchdogStats();
  }

  async #stop(): Promise<void> {
    this.#http.stop();
    await this.drain.finish();
    const forTasks = this.drain.leftMillis();
    await this.#within(this.drain.flushMillis(), 'stop offloading', this.offloader.close(forTasks));
    const forExport = this.drain.flushMillis();
    await this.#within(forExport + STOP_GRACE_MILLIS, 'stop', this.#sdk.stop(forExport));
    await this.#within(this.drain.flushMillis(), 'end workers', this.offloader.ended);
  }

  async #within(
    timeoutMillis: number,
    what: string,
    work: Promise<void>,
    warn = (message: string): void => logger.warn(message),
  ): Promise<void> {
    try {
      await withDeadline(work, timeoutMillis);
    } catch (error) {
      warn(`Could not ${what} tracing completely: ${describe(error)}`);
    }
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
