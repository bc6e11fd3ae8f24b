import { BadRequestException } from '@nestjs/common';

const ORDERS = ['recent', 'duration', 'start'] as const;
const MAX_LIMIT = 5_000;
const DEFAULT_LIMIT = 500;

/** What a list of traces is asked for. */
export interface ListQuery {
  readonly q: string;
  readonly order: (typeof ORDERS)[number];
  readonly limit: number;
}

/** @throws BadRequestException that names what cannot be used. */
export function readListQuery(query: Readonly<Record<string, unknown>>): ListQuery {
  const { order = 'recent', limit = String(DEFAULT_LIMIT) } = query;
  const known = ORDERS.find((each) => each === order);
  if (!known) throw new BadRequestException(`order is one of ${ORDERS.join(', ')}.`);
  const isNumber = typeof limit === 'string' && /^\d{1,4}$/.test(limit);
  if (!isNumber || +limit < 1 || +limit > MAX_LIMIT) {
    throw new BadRequestException(`limit is a whole number from 1 to ${MAX_LIMIT}.`);
  }
  return { q: readText(query['q']), order: known, limit: +limit };
}

/** A parameter that may be absent. @throws BadRequestException if it is given more than once. */
export function readText(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') throw new BadRequestException('Give each parameter once.');
  return value;
}
