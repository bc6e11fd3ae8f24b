import { seekInManifests } from '../application-manifest.js';

/** The name in the package.json nearest to the running program, else to the working directory. */
export function applicationName(): string | undefined {
  return seekInManifests(({ name }) =>
    typeof name === 'string' && name !== '' ? name : undefined,
  );
}
