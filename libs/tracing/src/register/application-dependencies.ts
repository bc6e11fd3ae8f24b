import { seekInManifests } from '../application-manifest.js';

/** Which packages the application depends on, and which package.json says so. */
export interface ApplicationDependencies {
  readonly manifest: string;
  readonly names: readonly string[];
}

/** Those of the nearest package.json that has any. */
export function applicationDependencies(): ApplicationDependencies | undefined {
  return seekInManifests(({ dependencies, optionalDependencies }, manifest) => {
    const names = Object.keys({ ...dependencies, ...optionalDependencies });
    return names.length === 0 ? undefined : { manifest, names };
  });
}
