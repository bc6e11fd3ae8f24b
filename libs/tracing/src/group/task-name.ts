/** The name of a task that was given none: that of its function, as it was before it was bound. */
export function taskName(fn: { readonly name: string }, group: string): string {
  return fn.name.replace(/^(?:bound )+/, '') || `${group} task`;
}
