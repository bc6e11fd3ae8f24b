import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { LoadedInstrumentation } from './load-instrumentations.js';

const BASE = '@opentelemetry/instrumentation';
const SYNCHRONOUS_HOOKS = 'import-in-the-middle/register-hooks.mjs';

/** The part of `import-in-the-middle/register-hooks.mjs` that is used. */
interface SynchronousHooks {
  supportsSyncHooks(): boolean;
  register(options: { include: string[] }): void;
}

/**
 * Lets instrumentations patch ES modules. `require` they patch by themselves. Each copy of their base
 * package has hooks of its own; only the modules that they name are touched.
 */
export function hookModules(instrumentations: readonly LoadedInstrumentation[]): void {
  const byBase = new Map<string, Set<string>>();
  for (const { file, modules } of instrumentations) {
    const base = createRequire(file).resolve(BASE);
    const names = byBase.get(base) ?? new Set();
    byBase.set(base, names);
    for (const name of modules) names.add(name);
  }
  for (const [base, names] of byBase) hook(base, [...names]);
}

function hook(base: string, include: string[]): void {
  if (include.length === 0) return;
  const hooks = synchronousHooks(base);
  if (hooks?.supportsSyncHooks() === true) hooks.register({ include });
  else register(`${BASE}/hook.mjs`, { parentURL: pathToFileURL(base).href, data: { include } });
}

/** They run in this thread; the others cost a message for every module. Older versions have only those. */
function synchronousHooks(base: string): SynchronousHooks | undefined {
  const requireOfBase = createRequire(base);
  try {
    return requireOfBase(SYNCHRONOUS_HOOKS) as SynchronousHooks;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') return undefined;
    throw error;
  }
}
