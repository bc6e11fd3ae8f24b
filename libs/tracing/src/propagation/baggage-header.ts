import { baggageEntryMetadataFromString, propagation } from '@opentelemetry/api';
import type { Baggage, BaggageEntry } from '@opentelemetry/api';
import { listMembers } from './list-members.js';
import { trimBlanks } from './trace-parent.js';

const MAX_MEMBERS = 64;
const MAX_LENGTH = 8192;
const KEY = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;
const METADATA = /^[\t\x20-\x2b\x2d-\x7e]*$/;

/**
 * Reads a `baggage` header: its first 64 members within its first 8,192 characters. Of these, one
 * that is not valid is dropped and the others stay.
 *
 * @param header the header's value, or several joined by commas
 * @see https://www.w3.org/TR/baggage/#limits
 *
 * @example
 * ```ts
 * parseBaggage('tenant=acme;ttl=3')?.getEntry('tenant')?.value; // 'acme'
 * ```
 */
export function parseBaggage(header: string): Baggage | undefined {
  const entries: Record<string, BaggageEntry> = Object.create(null) as Record<string, BaggageEntry>;
  for (const part of listMembers(withinLength(header), MAX_MEMBERS).slice(0, MAX_MEMBERS)) {
    const member = parseMember(part);
    if (member !== undefined) entries[member.key] = member.entry;
  }
  return Object.keys(entries).length === 0 ? undefined : propagation.createBaggage(entries);
}

/**
 * Writes a `baggage` header of at most 64 members and 8,192 characters, or returns undefined for an
 * empty one. A member that does not fit, or whose key no header can carry, is left out.
 */
export function formatBaggage(baggage: Baggage): string | undefined {
  let header = '';
  let count = 0;
  for (const [key, entry] of baggage.getAllEntries()) {
    const member = formatMember(key, entry);
    if (member === undefined || header.length + member.length + 1 > MAX_LENGTH) continue;
    header += header === '' ? member : `,${member}`;
    count += 1;
    if (count >= MAX_MEMBERS) break;
  }
  return header === '' ? undefined : header;
}

/** Cuts a header that is too long at its last whole member. */
function withinLength(header: string): string {
  if (header.length <= MAX_LENGTH) return header;
  return header.slice(0, Math.max(0, header.lastIndexOf(',', MAX_LENGTH)));
}

function parseMember(part: string): { key: string; entry: BaggageEntry } | undefined {
  const properties = part.indexOf(';');
  const pair = properties < 0 ? part : part.slice(0, properties);
  const at = pair.indexOf('=');
  if (at < 1) return undefined;
  const key = trimBlanks(pair.slice(0, at));
  const value = decode(trimBlanks(pair.slice(at + 1)));
  if (!KEY.test(key) || value === undefined) return undefined;
  if (properties < 0) return { key, entry: { value } };
  const metadata = trimBlanks(part.slice(properties + 1));
  return { key, entry: { value, metadata: baggageEntryMetadataFromString(metadata) } };
}

function decode(value: string): string | undefined {
  if (!VALUE.test(value)) return undefined;
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined; // a percent sign that encodes nothing
  }
}

function formatMember(key: string, { value, metadata }: BaggageEntry): string | undefined {
  if (!KEY.test(key)) return undefined;
  const member = `${key}=${encodeURIComponent(value.toWellFormed())}`;
  const properties = metadata?.toString() ?? '';
  return properties !== '' && METADATA.test(properties) ? `${member};${properties}` : member;
}
