import { diag } from '@opentelemetry/api';

/** Reports what a part that the application has brought threw. */
export function reportFault(part: string, error: unknown): void {
  diag.error(`nestjs-tracing: ${part} threw; the traced call goes on without it`, error);
}
