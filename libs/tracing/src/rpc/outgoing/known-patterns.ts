/** More patterns than this no application has, but ids that somebody has written into them. */
const MAX_PATTERNS = 500;

/**
 * The patterns that name the spans of one client. Backends keep a name for ever, so it must be one of few:
 * once there are too many, further patterns name no span.
 */
export class KnownPatterns {
  readonly #known = new Set<string>();

  /** Whether a pattern may name a span. */
  mayName(pattern: string): boolean {
    if (this.#known.has(pattern)) return true;
    if (this.#known.size >= MAX_PATTERNS) return false;
    this.#known.add(pattern);
    return true;
  }
}
