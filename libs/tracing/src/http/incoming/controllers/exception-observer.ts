import { HttpException } from '@nestjs/common';
import { Entry } from '../../../entry/entry.js';
import { exceptionObserver } from '../../../entry/exception-observer.js';
import { ActiveRequest } from '../active-request.js';

/** Sees what leaves guards, interceptors, pipes and handlers. */
export const HANDLER_OBSERVER = exceptionObserver((exception) => {
  ActiveRequest.current()?.failedWith(exception);
});

/** Sees what goes to the global filters alone: of middleware, filters, or Nest for want of a route. */
export const GLOBAL_OBSERVER = exceptionObserver((exception) => {
  // What is thrown inside of an operation of GraphQL is on its span, and is no failure of the request.
  if (Entry.current()?.isOpen === true) return;
  const active = ActiveRequest.current();
  if (isForWantOfRoute(exception)) active?.unmatched(exception);
  else active?.failedWith(exception);
});

/** Whether Nest threw it because no route has matched, or only routes of other hosts: `Cannot GET /path`. */
function isForWantOfRoute(exception: unknown): boolean {
  return (
    exception instanceof HttpException &&
    exception.getStatus() === 404 &&
    /^Cannot [A-Z-]+ [/*]/.test(exception.message)
  );
}
