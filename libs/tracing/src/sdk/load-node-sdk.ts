import { createRequire } from 'node:module';
import type { NodeSDK } from '@opentelemetry/sdk-node';
import { processSlot } from '../process-slot.js';
import { thisFile } from '../this-file.js';

/** What is used of the package. */
interface NodeSdkPackage {
  readonly NodeSDK: typeof NodeSDK;
}

const NAME = '@opentelemetry/sdk-node';

/** NodeSDK's package, once it is loaded. */
const slot = processSlot<{ loaded: NodeSdkPackage | undefined }>('NodeSDK', () => ({
  loaded: undefined,
}));

/**
 * Loads NodeSDK, at once where its package lies beside this one: meters that the application makes while
 * it starts must find their provider. In a bundle it takes a moment.
 */
export function loadNodeSdk(): Promise<void> | undefined {
  const holder = slot.current;
  holder.loaded ??= required();
  if (holder.loaded !== undefined) return undefined;
  return import('@opentelemetry/sdk-node').then((loaded) => {
    holder.loaded = loaded;
  });
}

/** @throws Error if it is in a bundle and has not been loaded before */
export function nodeSdkClass(): typeof NodeSDK {
  slot.current.loaded ??= required();
  if (slot.current.loaded === undefined) throw new Error(`${NAME} is not loaded.`);
  return slot.current.loaded.NodeSDK;
}

function required(): NodeSdkPackage | undefined {
  const here = thisFile();
  if (here === undefined) return undefined;
  const require = createRequire(here);
  try {
    require.resolve(NAME);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined; // it is in the bundle
    throw error;
  }
  return require(NAME) as NodeSdkPackage;
}
