/** Reads a property that may be a getter which throws; it counts as missing then. */
export function readGuarded(target: unknown, key: string): unknown {
  try {
    return (target as Record<string, unknown> | null | undefined)?.[key];
  } catch {
    return undefined;
  }
}
