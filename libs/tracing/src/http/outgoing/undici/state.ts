/** Returns an object that undici keeps of a request under a symbol of its own. */
export function undiciState(request: object, description: string): object | undefined {
  const key = Object.getOwnPropertySymbols(request).find(
    (symbol) => symbol.description === description,
  );
  const value = key && (request as Record<symbol, unknown>)[key];
  return typeof value === 'object' && value !== null ? value : undefined;
}
