import { Catch } from '@nestjs/common';
import type { ExceptionFilter } from '@nestjs/common';
import { guard } from '../span/guard.js';
import { Entry } from './entry.js';

/** Where `@UseFilters()` notes the filters of a handler. */
const FILTERS_METADATA = '__exceptionFilters__';

/**
 * Makes an exception filter that sees what Nest shows its filters and handles none of it: its type is one
 * that no exception is of. Nest asks the filters of a handler, one after the other, whether an exception is
 * of a type of theirs; whoever asks this one has shown it the exception, as it was thrown, and the next
 * filter is asked as if it were not there.
 */
export function exceptionObserver(see: (exception: unknown) => void): ExceptionFilter {
  class Shown {
    static [Symbol.hasInstance](exception: unknown): boolean {
      guard('recording an exception', () => see(exception));
      return false;
    }
  }
  @Catch(Shown)
  class Observer implements ExceptionFilter {
    catch(exception: unknown): never {
      throw exception;
    }
  }
  return Object.freeze(new Observer());
}

/** Puts an observer last among a handler's own filters, which is where Nest asks first. */
export function observeWith(observer: ExceptionFilter, method: object): void {
  const filters = (Reflect.getMetadata(FILTERS_METADATA, method) ?? []) as unknown[];
  if (filters.includes(observer)) return;
  Reflect.defineMetadata(FILTERS_METADATA, [...filters, observer], method);
}

/** Shows the active entry what leaves its guards, interceptors, pipes and handlers. */
export const ENTRY_OBSERVER = exceptionObserver((exception) => Entry.current()?.refused(exception));
