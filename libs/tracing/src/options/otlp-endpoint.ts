/** What is wrong with the URL of a collector, without the URL: it may hold credentials. */
export function endpointFault(value: string): string | undefined {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
    return 'write a URL with http:// or https://, such as "http://localhost:4317"';
  }
  const { username, password } = new URL(value);
  return [username, password].every(isPercentEncoded)
    ? undefined
    : 'its user name or password is not percent-encoded: write %25 for each % that stands for itself';
}

/** Whether every % begins the two digits of a byte, and the bytes are UTF-8. */
export function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a URL names a user or a password. */
export function holdsCredentials(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { username, password } = new URL(endpoint);
  return username !== '' || password !== '';
}

/** Whether the host of a URL is this machine and no other can be meant. */
export function isOnThisMachine(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
