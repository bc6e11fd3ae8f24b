import { createRequire } from 'node:module';
import type { ApplicationDependencies } from './application-dependencies.js';
import { AUTO_INSTRUMENTATIONS, isInstrumentation, isWanted, unwantedNames } from './choose.js';

/** What an instrumentation patches, as its base class tells it. */
interface ModuleDefinition {
  readonly name: string;
}

/** An instrumentation that is active, and where it was loaded from. */
export interface LoadedInstrumentation {
  /** The file of its package. */
  readonly file: string;
  /** Names of the modules that it patches. */
  readonly modules: readonly string[];
}

/** The part of OpenTelemetry's interface `Instrumentation` that is needed here. */
interface Instrumentation {
  getModuleDefinitions?: () => readonly ModuleDefinition[];
}

type InstrumentationClass = new () => Instrumentation;

/** Makes every instrumentation that the application depends on and wants. They enable themselves. */
export function loadInstrumentations(
  application: ApplicationDependencies | undefined,
): LoadedInstrumentation[] {
  const found = application?.names.filter(isInstrumentation) ?? [];
  if (application === undefined || found.length === 0) {
    warn(
      'found no instrumentation among the dependencies of ' +
        `${application?.manifest ?? 'the application'}. Install the ones you want,` +
        ' such as @opentelemetry/instrumentation-ioredis, or leave the preload out.',
    );
    return [];
  }
  const wanted = found.filter((name) => isWanted(name));
  return wanted.flatMap((name) => loadOne(name, application.manifest));
}

function loadOne(name: string, manifest: string): LoadedInstrumentation[] {
  try {
    const requireOfApplication = createRequire(manifest);
    const file = requireOfApplication.resolve(name);
    const made = makeAll(name, requireOfApplication(name) as Record<string, unknown>);
    if (made.length === 0) warn(`found no instrumentation in ${name}, which is left out.`);
    return made.map((one) => ({ file, modules: moduleNames(one) }));
  } catch (error) {
    warn(`could not load ${name}, which is left out: ${String(error)}`);
    return [];
  }
}

function makeAll(name: string, exports: Record<string, unknown>): Instrumentation[] {
  if (name === AUTO_INSTRUMENTATIONS) {
    const { getNodeAutoInstrumentations: make } = exports as {
      getNodeAutoInstrumentations: (config: object) => Instrumentation[];
    };
    const off = unwantedNames().map((unwanted) => [unwanted, { enabled: false }] as const);
    return make(Object.fromEntries(off));
  }
  return Object.values(exports)
    .filter(isInstrumentationClass)
    .map((Class) => new Class());
}

/** By the methods of OpenTelemetry's interface: the classes come from any version of its base package. */
function isInstrumentationClass(value: unknown): value is InstrumentationClass {
  if (typeof value !== 'function') return false;
  const { prototype } = value as { prototype?: Record<string, unknown> };
  return (
    typeof prototype?.['enable'] === 'function' &&
    typeof prototype['setTracerProvider'] === 'function'
  );
}

function moduleNames(instrumentation: Instrumentation): string[] {
  return (instrumentation.getModuleDefinitions?.() ?? []).map(({ name }) => name);
}

function warn(message: string): void {
  process.emitWarning(`nestjs-tracing/register ${message}`, { code: 'NESTJS_TRACING_REGISTER' });
}
