import type { TraceState } from '@opentelemetry/api';
import { listMembers } from './list-members.js';

/** The length that everybody has to carry on, at least. */
const LEAST_LENGTH = 512;
/** Members above this length are the first to go. */
const LONG_MEMBER = 128;
const MAX_MEMBERS = 32;
const MAX_LENGTH = 8192;
const KEY = /^[a-z\d][a-z\d_\-*/@]{0,255}$/;
const VALUE = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/**
 * A `tracestate` list by the grammar of Trace Context level 2, whose keys may hold `@` anywhere but
 * first. Immutable: `set` and `unset` return a new one.
 *
 * @see https://www.w3.org/TR/trace-context-2/#tracestate-header
 *
 * @example
 * ```ts
 * W3cTraceState.parse('rojo=1,congo=2')?.set('ours', '3').serialize(); // 'ours=3,rojo=1,congo=2'
 * ```
 */
export class W3cTraceState implements TraceState {
  readonly #members: ReadonlyMap<string, string>;

  private constructor(members: ReadonlyMap<string, string>) {
    this.#members = members;
  }

  /**
   * Reads a header. One member that is not valid, more than 32 members or more than 8,192 characters
   * discard the whole list; of members with the same key the first counts.
   *
   * @param header the header's value, or several joined by commas
   */
  static parse(header: string): W3cTraceState | undefined {
    if (header.length > MAX_LENGTH) return undefined;
    const list = listMembers(header, MAX_MEMBERS);
    if (list.length > MAX_MEMBERS) return undefined;
    const members = new Map<string, string>();
    if (!list.every((member) => addMember(members, member))) return undefined;
    return members.size === 0 ? undefined : new W3cTraceState(members);
  }

  get(key: string): string | undefined {
    return this.#members.get(key);
  }

  /** Puts a member first, as whoever changes one must. An illegal one is ignored. */
  set(key: string, value: string): W3cTraceState {
    if (!KEY.test(key) || !VALUE.test(value)) return this;
    const others = [...this.#members].filter(([name]) => name !== key);
    return new W3cTraceState(new Map([[key, value], ...others.slice(0, MAX_MEMBERS - 1)]));
  }

  unset(key: string): W3cTraceState {
    return new W3cTraceState(new Map([...this.#members].filter(([name]) => name !== key)));
  }

  /**
   * Returns the list within the 512 characters that everybody has to carry on: of a longer one,
   * members above 128 characters go first, then the last ones. A single member, of at most 513, stays.
   *
   * @see https://www.w3.org/TR/trace-context-2/#tracestate-limits
   */
  shortened(): W3cTraceState {
    const members = [...this.#members];
    while (members.length > 1 && lengthOf(members) > LEAST_LENGTH) {
      const long = members.findLastIndex((member) => memberLength(member) > LONG_MEMBER);
      members.splice(long < 0 ? members.length - 1 : long, 1);
    }
    return new W3cTraceState(new Map(members));
  }

  serialize(): string {
    return Array.from(this.#members, ([key, value]) => `${key}=${value}`).join(',');
  }
}

function memberLength([key, value]: readonly [string, string]): number {
  return key.length + value.length + 1;
}

/** With the commas between them. */
function lengthOf(members: readonly (readonly [string, string])[]): number {
  return members.reduce((sum, member) => sum + memberLength(member) + 1, -1);
}

function addMember(members: Map<string, string>, member: string): boolean {
  const at = member.indexOf('=');
  if (at < 1) return false;
  const key = member.slice(0, at);
  const value = member.slice(at + 1);
  if (!KEY.test(key) || !VALUE.test(value)) return false;
  if (!members.has(key)) members.set(key, value);
  return true;
}
