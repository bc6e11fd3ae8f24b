import type { Logger } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';

/** Time for `main.ts` to go on after `listen()`, in milliseconds. */
const GRACE_MILLIS = 1000;

/** A server without shutdown hooks dies of SIGTERM with its last spans unsent: that is worth a line. */
export function warnWithoutShutdownHooks(http: HttpAdapterHost, logger: Logger): void {
  const check = (): void => {
    if (!http.listening || process.listenerCount('SIGTERM') > 0) return;
    logger.warn(
      'A SIGTERM will lose the last spans: call app.enableShutdownHooks() before app.listen().',
    );
  };
  http.listen$.subscribe(() => {
    setTimeout(check, GRACE_MILLIS).unref();
  });
}
