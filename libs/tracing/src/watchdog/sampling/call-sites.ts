/** Reads the call sites of an error, whatever the application makes of its stacks. */
export function callSites(holder: { readonly stack?: unknown }): readonly NodeJS.CallSite[] {
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  try {
    setPrepare({ value: (_: Error, sites: NodeJS.CallSite[]) => sites, configurable: true });
    const { stack } = holder;
    return Array.isArray(stack) ? (stack as NodeJS.CallSite[]) : [];
  } finally {
    if (before === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
    else setPrepare(before);
  }
}

function setPrepare(descriptor: PropertyDescriptor): void {
  Object.defineProperty(Error, 'prepareStackTrace', descriptor);
}
