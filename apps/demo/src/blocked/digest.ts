/** A digest that takes some 400 ms of pure JavaScript, whatever the machine. */
export function digest(key: string): string {
  const end = performance.now() + 400;
  let sum = key.length;
  while (performance.now() < end) sum = (Math.imul(sum, 31) + 7) | 0;
  return `${key}:${(sum >>> 0).toString(16)}`;
}
