import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { LoadedInstrumentation } from './load-instrumentations.js';

const BASE = '@opentelemetry/instrumentation';
const HOOKS = 'import-in-the-middle';
const SYNCHRONOUS_HOOKS = 'import-in-the-middle/register-hooks.mjs';

/** The part of `import-in-the-middle/register-hooks.mjs` that is used. */
interface SynchronousHooks {
  supportsSyncHooks(): boolean;
  register(options: { include: string[] }): void;
}

/**
 * Lets instrumentations patch ES modules. `require` they patch by themselves. Copies of their base
 * package may share one `import-in-the-middle`, which takes one registration and warns of others, so
 * each of these gets one; only the modules that they name are touched.
 */
export function hookModules(instrumentations: readonly LoadedInstrumentation[]): void {
  const byHooks = new Map<string, { readonly base: string; readonly names: Set<string> }>();
  for (const { file, modules } of instrumentations) {
    const base = createRequire(file).resolve(BASE);
    const hooks = resolved(base, HOOKS) ?? base;
    const found = byHooks.get(hooks) ?? { base, names: new Set() };
    byHooks.set(hooks, found);
    for (const name of modules) found.names.add(name);
  }
  for (const { base, names } of byHooks.values()) hook(base, [...names]);
}

function hook(base: string, include: string[]): void {
  if (include.length === 0) return;
  const hooks = synchronousHooks(base);
  if (hooks?.supportsSyncHooks() === true) hooks.register({ include });
  else register(`${BASE}/hook.mjs`, { parentURL: pathToFileURL(base).href, data: { include } });
}

/** They run in this thread; the others cost a message for every module. Older versions have only those. */
function synchronousHooks(base: string): SynchronousHooks | undefined {
  const file = resolved(base, SYNCHRONOUS_HOOKS);
  return file === undefined ? undefined : (createRequire(base)(file) as SynchronousHooks);
}

/** Resolves what a base package has, if its version has that. */
function resolved(base: string, name: string): string | undefined {
  try {
    return createRequire(base).resolve(name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') return undefined;
    throw error;
  }
}
