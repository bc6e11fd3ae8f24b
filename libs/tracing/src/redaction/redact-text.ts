import { redactReference } from './redact-reference.js';
import { secretNames } from './secret-names.js';

const isSecret = secretNames();
const AFTER_URL = /[\s"`<>]/;

/**
 * Redacts the URLs that a text quotes, as the message of a failed `fetch` does. Takes time in
 * proportion to its length, whatever it holds.
 */
export function redactText(text: string): string {
  let slashes = text.indexOf('://');
  if (slashes < 0 || !/[@=]/.test(text)) return text;
  const parts: string[] = [];
  let done = 0;
  while (slashes >= 0) {
    const end = endOfUrl(text, slashes);
    parts.push(text.slice(done, slashes), redactReference(text.slice(slashes, end), isSecret));
    done = end;
    slashes = text.indexOf('://', end);
  }
  return parts.join('') + text.slice(done);
}

function endOfUrl(text: string, from: number): number {
  const length = text.slice(from).search(AFTER_URL);
  return length < 0 ? text.length : from + length;
}
