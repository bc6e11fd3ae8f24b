const PRELOAD = /^(--import|--require|-r|--loader|--experimental-loader)$/;

/** Match what makes files load, TypeScript or Yarn's: a task's file may need what the application has. */
const LOADERS = [
  /(^|[\\/])(tsx|ts-node|tsconfig-paths|esbuild-register|jiti)([\\/]|$)/,
  /(^|[\\/])(@swc-node|@oxc-node|@esbuild-kit|@babel[\\/]register)([\\/]|$)/,
  /(^|[\\/])\.pnp(\.loader)?\.[cm]?js$/,
];

/** Flags with a value that change how files load, and that a worker accepts. */
const KEPT_WITH_VALUE = /^(--conditions|-C)$/;

/** The same without one. */
const KEPT =
  /^(--enable-source-maps|--experimental-(strip|transform)-types|--preserve-symlinks(-main)?|--no-warnings)$/;

/** Kept in NODE_OPTIONS for what a task starts; other flags may be ones that a worker refuses. */
const HARMLESS = /^--(max-old-space-size|max-semi-space-size|max-http-header-size)$/;

interface Flag {
  readonly name: string;
  /** Without quotes. */
  readonly value: string;
  /** The flag as it was written, in one word or two. */
  readonly words: readonly string[];
}

/**
 * The flags that a worker gets: what loads its files, and nothing that was preloaded into the
 * application, an SDK above all.
 */
export function workerFlags(flags: readonly string[]): string[] {
  return parse(flags)
    .filter(isKept)
    .flatMap(({ words }) => words);
}

/**
 * The environment of a worker: the application's, without what NODE_OPTIONS preloads. A worker takes
 * any flag that its process has, but only if all are the same; else it refuses those of a process.
 */
export function workerEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: options, ...rest } = environment;
  if (options === undefined) return rest;
  const flags = parse(words(options));
  if (!flags.some(isPreload)) return { ...rest, NODE_OPTIONS: options };
  const kept = flags.filter((flag) => isKept(flag) || HARMLESS.test(flag.name));
  return { ...rest, NODE_OPTIONS: kept.flatMap((flag) => flag.words).join(' ') };
}

function isKept(flag: Flag): boolean {
  if (PRELOAD.test(flag.name)) return !isPreload(flag);
  return KEPT.test(flag.name) || KEPT_WITH_VALUE.test(flag.name);
}

function isPreload({ name, value }: Flag): boolean {
  return PRELOAD.test(name) && !LOADERS.some((loader) => loader.test(value));
}

/** Flags with their values, written in two words or with `=`. */
function parse(texts: readonly string[]): Flag[] {
  const result: Flag[] = [];
  for (let index = 0; index < texts.length; index += 1) {
    const text = texts[index] ?? '';
    const [name = '', ...value] = text.split('=');
    const takesNext = value.length === 0 && (PRELOAD.test(name) || KEPT_WITH_VALUE.test(name));
    const next = takesNext ? texts[(index += 1)] : undefined;
    const written = next === undefined ? [text] : [text, next];
    result.push({ name, value: unquote(next ?? value.join('=')), words: written });
  }
  return result;
}

/** As Node splits NODE_OPTIONS: at spaces, but not within double quotes. */
function words(options: string): string[] {
  return options.match(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g) ?? [];
}

function unquote(text: string): string {
  return text.replaceAll('"', '');
}
