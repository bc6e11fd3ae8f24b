import { describe, expect, it } from 'vitest';
import { createUrlRedaction } from './redact-url.js';

const { query, url } = createUrlRedaction(['Card']);

describe('redaction of URLs', () => {
  it.each([
    ['q=cats&page=2', 'q=cats&page=2'],
    ['api_key=1&q=2', 'api_key=REDACTED&q=2'],
    ['API_KEY=1', 'API_KEY=REDACTED'],
    ['token', 'token'],
    ['token=a=b', 'token=REDACTED'],
    ['access%5Ftoken=1', 'access%5Ftoken=REDACTED'],
    ['user[password]=1', 'user[password]=REDACTED'],
    [
      'X-Amz-Signature=1&sig=2&Signature=3',
      'X-Amz-Signature=REDACTED&sig=REDACTED&Signature=REDACTED',
    ],
    ['card=4111', 'card=REDACTED'],
    ['%E0%A4%A=1', '%E0%A4%A=1'],
  ])('H6 %s becomes %s', (given, expected) => {
    expect(query(given)).toBe(expected);
  });

  it('H6 user, password and fragment do not stay in a URL', () => {
    expect(url(new URL('https://ann:s3cret@example.com:8443/a?code=1#token=2'))).toBe(
      'https://REDACTED:REDACTED@example.com:8443/a?code=REDACTED',
    );
    expect(url(new URL('https://example.com/a'))).toBe('https://example.com/a');
  });
});
