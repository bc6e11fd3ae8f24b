import type { SearchTerms } from '../../../src/wire/overview.interface.js';

const FIELDS = [
  'service:',
  'route:',
  'name:',
  'status:',
  'kind:',
  'duration:>',
  'spans:>',
  'errors:>',
  'attr:',
  'has:',
  'log:',
  'trace:',
];
const STATUSES = ['error', 'ok', 'unset'];
const KINDS = ['server', 'internal', 'client', 'producer', 'consumer'];
const MOST = 8;

/** Terms of a search: divided by blanks outside of quotation marks. */
export function termsOf(query: string): string[] {
  const terms: string[] = [];
  let term = '';
  let isQuoted = false;
  for (const sign of query) {
    if (sign === '"') isQuoted = !isQuoted;
    if (sign.trim() !== '' || isQuoted) term += sign;
    else if (term !== '') {
      terms.push(term);
      term = '';
    }
  }
  return term === '' ? terms : [...terms, term];
}

/** Whether a search has a term. */
export function searchHolds(query: string, term: string): boolean {
  return termsOf(query).includes(term);
}

/** Adds a term to a search, or takes it out if it is there. */
export function searchFlipped(query: string, term: string): string {
  const terms = termsOf(query);
  const rest = terms.filter((each) => each !== term);
  return (rest.length === terms.length ? [...terms, term] : rest).join(' ');
}

/** The search that asks for attributes where `key=value` was written alone; the same if it was not. */
export function withAttributes(query: string): string {
  const terms = termsOf(query);
  const meant = terms.map((term) => term.replace(/^(-?)(?=[\w.-]+[=~<>]\S)/, '$1attr:'));
  return meant.every((term, index) => term === terms[index]) ? query : meant.join(' ');
}

/** A term for an exact value, in quotation marks where it has blanks. */
export function exactTerm(field: string, value: string): string {
  const clean = value.replaceAll('"', '');
  return /\s/.test(clean) ? `${field}"${clean}"` : `${field}${clean}`;
}

/** Whole searches that complete the last term of one. */
export function suggestions(query: string, terms: SearchTerms): string[] {
  const last = /\s$/.test(query) ? '' : (termsOf(query).at(-1) ?? '');
  if (last === '') return [];
  const before = query.slice(0, query.length - last.length);
  const minus = last.startsWith('-') ? '-' : '';
  const typed = last.slice(minus.length).toLowerCase();
  return candidates(typed, terms)
    .filter((each) => each.toLowerCase().replaceAll('"', '').startsWith(typed) && each !== typed)
    .slice(0, MOST)
    .map((each) => `${before}${minus}${each}${/[:=><]$/.test(each) ? '' : ' '}`);
}

function candidates(typed: string, terms: SearchTerms): string[] {
  if (!typed.includes(':')) return FIELDS;
  if (typed.startsWith('service:'))
    return terms.services.map((each) => exactTerm('service:', each));
  if (typed.startsWith('route:')) return terms.routes.map((each) => exactTerm('route:', each));
  if (typed.startsWith('attr:')) return terms.attributes.map((each) => `attr:${each}=`);
  if (typed.startsWith('has:')) return terms.has.map((each) => `has:${each}`);
  if (typed.startsWith('status:')) return STATUSES.map((each) => `status:${each}`);
  return typed.startsWith('kind:') ? KINDS.map((each) => `kind:${each}`) : [];
}
