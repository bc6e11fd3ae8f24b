import { percentDecoded } from './percent-decoded.js';

const SHORTEST_SECRET = 4;
const LONGEST_REASON = 300;
/** Far more than is shown, so that a secret which begins in the visible part is found whole. */
const LONGEST_READ = 10_000;

/**
 * Takes what must not be read out of a text that somebody else wrote: secrets, and characters that
 * steer a terminal, break a line or turn the reading direction. Keeps it short.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const known = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
  return (text) => {
    let redacted = text.slice(0, LONGEST_READ);
    for (const secret of known) redacted = redacted.replaceAll(secret, '[redacted]');
    const readable = redacted.replaceAll(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
    return readable.slice(0, LONGEST_REASON).trim();
  };
}

/** Returns every text in the settings that must never be seen: header values, and credentials in URLs. */
export function secretsOf(
  urls: readonly string[],
  headers: Readonly<Record<string, string>>,
): string[] {
  const values = Object.values(headers);
  const words = values.flatMap((value) => value.split(/\s+/)).filter((word) => word.length > 6);
  return [...values, ...words, ...urls.flatMap((url) => credentialsIn(url))];
}

function credentialsIn(url: string): string[] {
  if (!URL.canParse(url)) return [];
  const { username, password } = new URL(url);
  return [username, password].flatMap((part) => [part, percentDecoded(part)]);
}
