const { permission } = process as { permission?: NodeJS.ProcessPermission };

/**
 * Whether this process may start threads.
 *
 * @see https://nodejs.org/api/permissions.html#process-based-permissions
 */
export function maySpawn(): boolean {
  return permission?.has('worker') ?? true;
}

/** Whether this process may use the network: Node has only forbidden it since it knows the flag. */
export function mayConnect(): boolean {
  if (!process.allowedNodeEnvironmentFlags.has('--allow-net')) return true;
  return permission?.has('net') ?? true;
}
