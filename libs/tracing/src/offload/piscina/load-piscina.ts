import { createRequire } from 'node:module';
import { TracingConfigurationError } from '../../configuration.error.js';
import { findPackageFile } from '../../package-file.js';

const WORKER = 'dist/offload/worker/worker.js';

/** Piscina, and the file that its workers run. */
interface LoadedPiscina {
  readonly piscina: Pick<typeof import('piscina'), 'Piscina' | 'FixedQueue'>;
  readonly workerFile: string;
}

/**
 * Loads piscina from beside the worker's file. Both look for files next to their own, which a bundle
 * has not, so an `import` of piscina that a bundler follows would load one that cannot work.
 *
 * @throws TracingConfigurationError if the worker's file is not there
 */
export function loadPiscina(): LoadedPiscina {
  const workerFile = findPackageFile(WORKER);
  if (workerFile === undefined) {
    throw new TracingConfigurationError(
      'offload',
      'the file of its workers was not found. Install nestjs-tracing beside the bundle, in the ' +
        'version that is in it, or leave it out of the bundle.',
    );
  }
  const piscina = createRequire(workerFile)('piscina') as LoadedPiscina['piscina'];
  return { piscina, workerFile };
}
