import { diag } from '@opentelemetry/api';

/**
 * Runs a callback of the application that only serves tracing. What it throws goes to `diag` under
 * the given label and never reaches the traced call.
 */
export function guard<T>(label: string, callback: () => T): T | undefined {
  try {
    return callback();
  } catch (error) {
    diag.error(`nestjs-tracing: ${label} threw; the traced call goes on without it`, error);
    return undefined;
  }
}
