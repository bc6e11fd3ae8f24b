import { trace } from '@opentelemetry/api';
import { recordRepeated } from '../../collapse/record-repeated.js';
import type { AnyFunction, CallShape } from '../../span/record.js';
import type { SpanSite } from '../../span/span-site.js';
import { record } from '../../span/record.js';
import type { SpanSpec } from '../../span/recording.js';
import type { Connections } from '../database/connections.js';
import type { DatabaseMetrics } from '../database/database-metrics.js';
import { withoutDriverSpan } from './driver-spans.js';
import { isIgnored } from './ignored-statement.js';
import type { ConnectedRunner, Findings, DatabaseProfile } from '../database/database-profile.js';
import { RepeatedQueries } from './repeated-queries.js';
import type { StartUp } from '../start-up.js';
import type { StatementCall } from './statement-layers.js';
import { parameterList } from './statement-specs.js';
import { tracedStream } from './traced-stream.js';
import type { Transactions } from '../transaction/transactions.js';
import type { ResolvedTypeOrmTracingOptions } from '../typeorm-tracing.schema.js';

/** The other tracers of its DataSource, which take part in a statement. */
interface StatementPartners {
  readonly startUp: StartUp;
  readonly database: DatabaseProfile;
  readonly connections: Connections;
  readonly transactions: Transactions;
  readonly metrics: DatabaseMetrics | undefined;
}

type Call = Omit<StatementCall, 'attributes' | 'outer'>;

/**
 * Gives every statement of one DataSource a span, a child of the one that is active where it is
 * issued. It starts when the statement is issued, before a connection is acquired, is active while it
 * runs, and ends when its result has settled or its stream has ended.
 */
export class StatementTracer {
  readonly #options: ResolvedTypeOrmTracingOptions;
  readonly #with: StatementPartners;
  readonly #repeated: RepeatedQueries | undefined;
  readonly #record: typeof record;

  constructor(options: ResolvedTypeOrmTracingOptions, partners: StatementPartners) {
    const { repeatedQueries, collapseRepeats, sqlCommenter } = options;
    this.#options = options;
    this.#record = collapseRepeats && sqlCommenter === false ? recordRepeated : record;
    this.#with = partners;
    this.#repeated =
      repeatedQueries === undefined ? undefined : new RepeatedQueries(repeatedQueries);
  }

  /** `runner.query(...)`. */
  query(original: AnyFunction, runner: ConnectedRunner, args: readonly unknown[]): unknown {
    const { startUp, database } = this.#with;
    const result = this.#trace(original, runner, args, runner, 0);
    if (startUp.running) database.hearVersion(args[0], result);
    return result;
  }

  /** Whether statements need not know their runner: layers ask it, and SQLite has one for all. */
  get canBeDirect(): boolean {
    const { layers, hasPool } = this.#with.database.findings();
    return layers === undefined && hasPool;
  }

  /** `dataSource.query(text, parameters)`, which makes a runner of its own. */
  direct(
    ask: AnyFunction,
    dataSource: unknown,
    args: readonly unknown[],
    shape: CallShape,
  ): unknown {
    return this.#trace(ask, dataSource, args, undefined, 0, shape);
  }

  /** `driver.executeQuery(connection, text)`, for what the driver issues without a runner. */
  executeQuery(original: AnyFunction, driver: unknown, args: readonly unknown[]): unknown {
    return this.#trace(original, driver, args, undefined, 1);
  }

  /** `runner.stream(...)`. */
  stream(original: AnyFunction, runner: ConnectedRunner, args: readonly unknown[]): unknown {
    const [text, parameters] = args;
    const site = this.#with.startUp.site(this.#options.requireParentSpan);
    if (site === undefined || typeof text !== 'string' || this.#isIgnored(text, parameters)) {
      return Reflect.apply(original, runner, args as never[]);
    }
    const { database, connections, transactions } = this.#with;
    const findings = database.findings();
    const links = transactions.linksOf(runner);
    const spec = database.specsOf(findings, runner).of(text, parameters, links);
    const call = { original: layered(findings, runner, original), receiver: runner, args };
    const outer = trace.getSpan(site.parent);
    return connections.whileIssuing(outer, () => tracedStream(site, spec, call));
  }

  #trace(
    original: AnyFunction,
    receiver: unknown,
    args: readonly unknown[],
    runner: ConnectedRunner | undefined,
    textAt: number,
    shape?: CallShape,
  ): unknown {
    const { startUp, metrics } = this.#with;
    const site = startUp.site(this.#options.requireParentSpan);
    const text = args[textAt];
    if ((site === undefined && metrics === undefined) || typeof text !== 'string') {
      return Reflect.apply(original, receiver, args as never[]);
    }
    if (this.#isIgnored(text, args[textAt + 1])) {
      return this.#callIgnored({ runner, original, receiver, args, textAt });
    }
    const { database, transactions } = this.#with;
    const findings = database.findings();
    const links = transactions.linksOf(runner);
    const spec = database.specsOf(findings, runner).of(text, args[textAt + 1], links);
    if (findings.layers !== undefined || site === undefined) {
      return this.#inLayers(findings, site, spec, { runner, original, receiver, args, textAt });
    }
    this.#repeated?.count(trace.getSpan(site.parent), spec.options.attributes);
    if (!mayWait(findings, runner))
      return this.#record(site, spec, original, receiver, args, shape);
    return this.#recordIssuing(site, spec, original, receiver, args, shape);
  }

  /** Apart from its caller, which would else make room for the closure where no span opens too. */
  #recordIssuing(
    site: SpanSite,
    spec: SpanSpec,
    original: AnyFunction,
    receiver: unknown,
    args: readonly unknown[],
    shape: CallShape | undefined,
  ): unknown {
    return this.#with.connections.whileIssuing(trace.getSpan(site.parent), () =>
      this.#record(site, spec, original, receiver, args, shape),
    );
  }

  #inLayers(findings: Findings, site: SpanSite | undefined, spec: SpanSpec, call: Call): unknown {
    const { layers } = findings;
    const attributes = spec.options.attributes ?? {};
    if (site === undefined) return layers?.({ ...call, attributes, outer: trace.getActiveSpan() });
    const outer = trace.getSpan(site.parent);
    this.#repeated?.count(outer, attributes);
    const args = [{ ...call, attributes, outer }];
    const issue = () => this.#record(site, spec, layers as AnyFunction, undefined, args);
    const runner = call.runner as ConnectedRunner | undefined;
    return mayWait(findings, runner) ? this.#with.connections.whileIssuing(outer, issue) : issue();
  }

  #isIgnored(text: string, parameters: unknown): boolean {
    const { ignore } = this.#options;
    if (ignore.length === 0) return false;
    return isIgnored(ignore, { text, parameters: parameterList(parameters) });
  }

  /** Its driver's span is not wanted either. */
  #callIgnored({ runner, original, receiver, args }: Call): unknown {
    const { layers } = this.#with.database.findings();
    if (layers === undefined) return Reflect.apply(original, receiver, args as never[]);
    return withoutDriverSpan(runner, original, receiver, args);
  }
}

/** Whether a statement may have to wait for a connection. */
function mayWait({ hasPool }: Findings, runner: ConnectedRunner | undefined): boolean {
  return hasPool && runner?.databaseConnection === undefined;
}

function layered(
  { streamLayers }: Findings,
  runner: ConnectedRunner,
  original: AnyFunction,
): AnyFunction {
  if (streamLayers === undefined) return original;
  return (...args: never[]) =>
    streamLayers({
      runner,
      original,
      receiver: runner,
      args,
      textAt: 0,
      attributes: {},
      outer: undefined,
    });
}
