const PRELOAD = /^(--import|--require|-r|--loader|--experimental-loader)$/;

/** Loaders that make TypeScript files load; a task's file may need the one that the application has. */
const TYPESCRIPT_LOADER = /(^|[\\/])(tsx|ts-node|@swc-node|@oxc-node|@esbuild-kit|jiti)([\\/]|$)/;

/** Flags without a value that change how files load, and that a worker accepts. */
const KEPT =
  /^(--conditions=|-C=|--enable-source-maps$|--experimental-(strip|transform)-types$|--preserve-symlinks|--no-warnings$)/;

/**
 * The flags that a worker gets: what loads its files, and nothing that was preloaded into the
 * application, an SDK above all.
 */
export function workerFlags(flags: readonly string[]): string[] {
  return pairs(flags)
    .filter(([flag, value]) =>
      PRELOAD.test(flag) ? TYPESCRIPT_LOADER.test(value) : KEPT.test(flag),
    )
    .flatMap(([flag, value]) => (value === '' ? [flag] : [flag, value]));
}

/** The environment of a worker: the application's, without what NODE_OPTIONS preloads. */
export function workerEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: options, ...rest } = environment;
  if (options === undefined) return rest;
  const kept = pairs(options.split(/\s+/).filter((flag) => flag !== ''))
    .filter(([flag, value]) => !PRELOAD.test(flag) || TYPESCRIPT_LOADER.test(value))
    .flatMap(([flag, value]) => (value === '' ? [flag] : [flag, value]));
  return { ...rest, NODE_OPTIONS: kept.join(' ') };
}

/** Preloads with their values, written in two words or with `=`; other flags as they are. */
function pairs(flags: readonly string[]): [flag: string, value: string][] {
  const result: [string, string][] = [];
  for (let index = 0; index < flags.length; index += 1) {
    const text = flags[index] ?? '';
    const [name = '', ...value] = text.split('=');
    if (!PRELOAD.test(name)) result.push([text, '']);
    else if (value.length > 0) result.push([name, value.join('=')]);
    else result.push([name, flags[(index += 1)] ?? '']);
  }
  return result;
}
