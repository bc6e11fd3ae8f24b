const SHORTEST_SECRET = 4;
const LONGEST_REASON = 300;

/** Takes what must not be read out of a text that somebody else wrote, and keeps it short. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const known = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
  return (text) => {
    let redacted = text;
    for (const secret of known) redacted = redacted.replaceAll(secret, '[redacted]');
    return redacted.replaceAll(/\s+/g, ' ').slice(0, LONGEST_REASON);
  };
}

/** Every text in the settings that must never be seen: header values, and credentials in the URL. */
export function secretsOf(endpoint: string, headers: Readonly<Record<string, string>>): string[] {
  const values = Object.values(headers);
  const words = values.flatMap((value) => value.split(/\s+/));
  if (!URL.canParse(endpoint)) return [...values, ...words];
  const { username, password } = new URL(endpoint);
  const credentials = [username, password].flatMap((part) => [part, decodeURIComponent(part)]);
  return [...values, ...words.filter((word) => word.length > 6), ...credentials];
}
