import { trimBlanks } from './trace-parent.js';

/**
 * Walks the members of a header's list, without blanks around them and without empty ones. It stops
 * after one more than the limit, so that a caller sees that there were too many and nobody pays for
 * the rest.
 *
 * @param limit how many members a caller can use
 */
export function listMembers(header: string, limit: number): string[] {
  const members: string[] = [];
  let start = 0;
  while (start <= header.length && members.length <= limit) {
    const comma = header.indexOf(',', start);
    const end = comma < 0 ? header.length : comma;
    const member = trimBlanks(header.slice(start, end));
    if (member !== '') members.push(member);
    start = end + 1;
  }
  return members;
}
