/** Whether a debugger may come to this process by its port. */
export function isInspected(): boolean {
  if (process.features.inspector === false) return false;
  return process.getBuiltinModule('node:inspector')?.url() !== undefined;
}
