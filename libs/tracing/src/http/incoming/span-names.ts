import type { RequestMethod } from '../request-method.js';

/** More routes than an application has. */
const MAX_NAMES = 2000;

/**
 * Names the spans of an application: method and route. A name is made once, so that whoever looks it up
 * later, as the encoder does, finds a text whose hash is known.
 */
export class SpanNames {
  readonly #byMethod = new Map<string, Map<string, string>>();
  #count = 0;

  of({ inName }: RequestMethod, route: string | undefined): string {
    if (route === undefined) return inName;
    return this.#byMethod.get(inName)?.get(route) ?? this.#make(inName, route);
  }

  #make(inName: string, route: string): string {
    const name = `${inName} ${route}`;
    if (this.#count >= MAX_NAMES) return name;
    this.#count += 1;
    let byRoute = this.#byMethod.get(inName);
    if (byRoute === undefined) this.#byMethod.set(inName, (byRoute = new Map<string, string>()));
    byRoute.set(route, name);
    return name;
  }
}
