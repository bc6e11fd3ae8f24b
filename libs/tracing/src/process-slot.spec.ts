import {
  ROOT_CONTEXT,
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  trace,
} from '@opentelemetry/api';
import type { TracerProvider } from '@opentelemetry/api';
import { afterEach, describe, expect, it, vi } from 'vitest';

/** What one copy of the package holds, as if it had been loaded as ES modules and as CommonJS. */
async function loadCopy() {
  vi.resetModules();
  return {
    ...(await import('./bullmq/host/caller-exported-spans.js')),
    ...(await import('./bullmq/telemetry/job-origin.js')),
    ...(await import('./context/enclosing-work.js')),
    ...(await import('./detached/current-registry.js')),
    ...(await import('./detached/detached.registry.js')),
    ...(await import('./detached/detached-run.js')),
    ...(await import('./detached/detached-settings.js')),
    ...(await import('./http/incoming/active-request.js')),
    ...(await import('./options/resolve-options.js')),
    ...(await import('./process-slot.js')),
    ...(await import('./propagation/w3c-propagator.js')),
    ...(await import('./sdk/setup-origin.js')),
    ...(await import('./sdk/start-sdk.js')),
    ...(await import('./span/exception.js')),
    ...(await import('./span/finished-span-import.js')),
    ...(await import('./span/next-span.js')),
    ...(await import('./span/recording.js')),
    ...(await import('./span/registered-provider.js')),
    ...(await import('./span/results/dormant.js')),
    ...(await import('./span/runtime.js')),
    ...(await import('./span/start-up.js')),
    ...(await import('./typeorm/statement/operation-callers.js')),
  };
}

const [one, other] = [await loadCopy(), await loadCopy()];
const span = trace.wrapSpanContext({
  traceId: '1'.repeat(32),
  spanId: '1'.repeat(16),
  traceFlags: 1,
});
const handover = { links: [], followsLinks: true, started: () => undefined };

afterEach(() => one.resetProcessSlots());

describe('two copies of the package in one process', () => {
  it('are two', () => {
    expect(one.DetachedRegistry).not.toBe(other.DetachedRegistry);
  });

  it('S3 share the runtime and the registry of the module, and who owns an instance', () => {
    const uninstall = one.installRuntime({ ...one.runtime(), cancelled: 'unset' });
    expect(other.runtime().cancelled).toBe('unset');
    uninstall();
    expect(other.runtime().cancelled).toBe('error');
    const registry = new one.DetachedRegistry(one.resolveDetached());
    const instance = {};
    one.ownDetached(instance, registry);
    expect(other.registryOf(instance)).toBe(registry);
    one.installRegistry(registry);
    expect(other.registryOf({})).toBe(registry);
  });

  it('G15 see the group or task that the other one has opened around them', () => {
    const source = { signal: AbortSignal.abort('enough') };
    expect(one.runEnclosed({ source }, () => other.enclosingSignal())).toBe(source.signal);
  });

  it('D11 see the detached task that the other one runs', async () => {
    const registry = new one.DetachedRegistry(one.resolveDetached());
    const site = { context: ROOT_CONTEXT, recording: undefined };
    const inside = (): boolean => other.DetachedRun.isInside();
    const run = new one.DetachedRun('task', site, inside, registry);
    registry.track(run);
    expect(await run.result).toBe(true);
  });

  it('D2 read what the other one has put into a context', () => {
    expect(other.nextSpanOf(one.withNextSpan(ROOT_CONTEXT, handover))).toBe(handover);
    const startUp = one.asStartUp(trace.setSpan(ROOT_CONTEXT, span));
    expect(trace.getSpan(other.withoutEndedStartUp(startUp, span))).toBeUndefined();
  });

  it('X1 know the request, the job and the randomness of the trace that the other one has put there', () => {
    const request = {};
    const active = new one.ActiveRequest('/orders/:id');
    active.mark(request);
    expect(other.ActiveRequest.hasMarked(request)).toBe(true);
    const release = one.joinCallerExport(); // brings a context manager
    const current = context.with(active.in(ROOT_CONTEXT), () => other.ActiveRequest.current());
    release?.();
    expect(current?.route).toBe('/orders/:id');
    const job = one.contextOf('{"sentAt":1}', { parent: 'link', baggage: true });
    expect(other.originOf(job)?.sentAt).toBe(1);
    const traceparent = `00-${'1'.repeat(32)}-${'1'.repeat(16)}-03`;
    const carrier = {};
    const read = new one.W3cPropagator().extract(
      ROOT_CONTEXT,
      { traceparent },
      defaultTextMapGetter,
    );
    new other.W3cPropagator().inject(read, carrier, defaultTextMapSetter);
    expect(carrier).toMatchObject({ traceparent });
  });

  it('X1 share the export by callers, and know whom an operation belongs to', () => {
    const [ofOne, ofOther] = [one.joinCallerExport(), other.joinCallerExport()];
    expect([typeof ofOne, typeof ofOther]).toEqual(['function', 'function']);
    const caller = trace.wrapSpanContext({ ...span.spanContext(), spanId: '2'.repeat(16) });
    context.with(
      trace.setSpan(ROOT_CONTEXT, span),
      one.calledBy(caller, () => undefined),
    );
    expect(other.callerOf(span)).toBe(caller);
    ofOne?.();
    expect(other.hasRegisteredProvider()).toBe(true);
    ofOther?.();
    expect(one.hasRegisteredProvider()).toBe(false);
  });

  it('X1 join the SDK that the other one has started', async () => {
    const report = { log: vi.fn<(line: string) => void>(), warn: vi.fn<(line: string) => void>() };
    const start = (copy: typeof one) =>
      copy.startSdk(copy.resolveOptions({ exporter: 'none' }), report, copy.SetupOrigin.UNKNOWN);
    const [first, second] = [start(one), start(other)];
    expect(second.origin).toBe('own');
    await first.stop(0);
    expect(one.hasRegisteredProvider()).toBe(true);
    await second.stop(0);
    expect(one.hasRegisteredProvider()).toBe(false);
  });

  it('T3 agree on spans that wait for their use, on errors and on providers', () => {
    one.markDormant(span);
    expect(other.isDormant(span)).toBe(true);
    const error = new Error('password');
    const exception = { name: 'Error', message: 'redacted' };
    one.describeErrorAs(error, { exception, errorType: 'Error' });
    expect(other.errorMessage(error)).toBe('redacted');
    const provider = {} as TracerProvider;
    one.openFinishedSpanImport(provider, []);
    expect(other.finishedSpanImportOf(provider)).toBeDefined();
  });

  it('S3 forget all of it when one of them is reset, but what keeps values out of spans', () => {
    const registry = new one.DetachedRegistry(one.resolveDetached());
    one.installRegistry(registry);
    one.markDormant(span);
    const error = new Error('password');
    const exception = { name: 'Error', message: 'redacted' };
    one.describeErrorAs(error, { exception, errorType: 'Error' });
    other.resetProcessSlots();
    expect(one.errorMessage(error)).toBe('redacted');
    expect(one.isDormant(span)).toBe(false);
    expect(one.registryOf({})).not.toBe(registry);
    expect(one.registryOf({})).toBe(other.registryOf({}));
  });
});
