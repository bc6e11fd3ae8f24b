/** The variables that name proxies; of each pair Node takes the one in lower case first. */
const VARIABLES = [
  'HTTP_PROXY',
  'http_proxy',
  'HTTPS_PROXY',
  'https_proxy',
  'NO_PROXY',
  'no_proxy',
] as const;
const FLAG = '--use-env-proxy';

/** The proxies of the environment, as `http.Agent` takes them. */
export type ProxyEnvironment = Readonly<Partial<Record<(typeof VARIABLES)[number], string>>>;

/** The settings of a process that decide it. */
type ProcessSettings = Pick<NodeJS.Process, 'env' | 'execArgv'>;

/**
 * Returns the proxies that Node itself would use for `http` and `fetch`: those of the environment, and
 * only where NODE_USE_ENV_PROXY=1 or `--use-env-proxy` says so.
 *
 * @see https://nodejs.org/api/http.html#built-in-proxy-support
 */
export function proxyEnvironment(process: ProcessSettings): ProxyEnvironment | undefined {
  if (!wantsEnvProxy(process)) return undefined;
  const { env } = process;
  const given = VARIABLES.filter((name) => env[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, env[name] ?? '']));
}

/** Whether proxies were asked for that this Node knows nothing of: it came with 22.21 and 24.5. */
export function lacksEnvProxy(
  process: ProcessSettings & Pick<NodeJS.Process, 'allowedNodeEnvironmentFlags'>,
): boolean {
  return wantsEnvProxy(process) && !process.allowedNodeEnvironmentFlags.has(FLAG);
}

function wantsEnvProxy({ env, execArgv }: ProcessSettings): boolean {
  if (execArgv.includes(FLAG) || env['NODE_USE_ENV_PROXY'] === '1') return true;
  return (env['NODE_OPTIONS'] ?? '').split(/\s+/).includes(FLAG);
}
