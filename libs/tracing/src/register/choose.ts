export const AUTO_INSTRUMENTATIONS = '@opentelemetry/auto-instrumentations-node';

const PREFIX = '@opentelemetry/instrumentation-';

/** What this package traces itself. */
const COVERED = ['http', 'undici', 'nestjs-core', 'typeorm'];

/** Whether a dependency brings instrumentations. Their base package and their types bring none. */
export function isInstrumentation(name: string): boolean {
  if (name === AUTO_INSTRUMENTATIONS) return true;
  return /instrumentation/.test(name) && name !== '@opentelemetry/instrumentation';
}

/**
 * Whether a package is wanted, by OpenTelemetry's variables: names without the prefix, separated by
 * commas. Whoever names some gets these; else all but those that this package covers.
 */
export function isWanted(name: string, environment: NodeJS.ProcessEnv = process.env): boolean {
  if (name === AUTO_INSTRUMENTATIONS) return true; // it reads the variables itself
  const short = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
  if (listed(environment['OTEL_NODE_DISABLED_INSTRUMENTATIONS']).includes(short)) return false;
  const enabled = listed(environment['OTEL_NODE_ENABLED_INSTRUMENTATIONS']);
  return enabled.length > 0 ? enabled.includes(short) : !COVERED.includes(short);
}

/** The packages that a bundle of instrumentations is to leave out. */
export function unwantedNames(environment: NodeJS.ProcessEnv = process.env): string[] {
  return COVERED.map((short) => PREFIX + short).filter((name) => !isWanted(name, environment));
}

function listed(value = ''): string[] {
  return value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
