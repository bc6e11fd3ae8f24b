/** How often it is looked whether npx still runs. */
const CHECK_MILLIS = 500;

/**
 * Settles when the npx that started this process is gone: a SIGTERM to it does not come through its
 * shell. Never if something else did, as what a shell leaves behind may be meant to go on.
 */
export function npxEnd(env: NodeJS.ProcessEnv): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const parent = process.ppid;
  if (env['npm_command'] === 'exec') {
    setInterval(() => process.ppid === parent || resolve(), CHECK_MILLIS).unref();
  }
  return promise;
}
