import { describe, expect, it } from 'vitest';
import { redactText } from './redact-text.js';
import { createUrlRedaction } from './redact-url.js';

const { query, url } = createUrlRedaction(['Card']);
const encoded = encodeURIComponent;

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

  it.each(
    (
      'accessToken,access_token,Access-Token,clientSecret,refreshToken,idToken,api-key,apiKey,' +
      'auth_token,session_id,key,token[],password[],user[password][],user[password][0],' +
      'user.password,to%6ben,credit[card]'
    ).split(','),
  )('H6 names are compared without case and separators: %s', (name) => {
    expect(query(`a=1&${name}=s3cret&b=2`)).toBe(`a=1&${name}=REDACTED&b=2`);
  });

  it.each('keyboard,tokens,monkey,passwordless,encode,q,page[number],sort,authors'.split(','))(
    'H6 a name that only holds such a word is no secret: %s',
    (name) => {
      expect(query(`${name}=public`)).toBe(`${name}=public`);
    },
  );

  it.each([
    [
      'a URL',
      'https://example.com/cb?token=s3cret&a=1',
      'https://example.com/cb?token=REDACTED&a=1',
    ],
    ['a user', 'https://ann:s3cret@example.com/', 'https://REDACTED:REDACTED@example.com/'],
    ['a path', '/cb?a=1&code=s3cret', '/cb?a=1&code=REDACTED'],
    ['a fragment', '/cb#id_token=s3cret&a=1', '/cb#id_token=REDACTED&a=1'],
    ['parameters', 'a=1&token=s3cret', 'a=1&token=REDACTED'],
  ])('H6 %s in a parameter is redacted too, encoded once and twice', (_, given, expected) => {
    expect(query(`next=${encoded(given)}&q=1`)).toBe(`next=${encoded(expected)}&q=1`);
    const inner = (text: string) => `/login?next=${encoded(text)}`;
    expect(query(`to=${encoded(inner(given))}`)).toBe(`to=${encoded(inner(expected))}`);
  });

  it('H6 a parameter that holds no secret stays as it was written', () => {
    const harmless = `next=${encoded('https://example.com/a?b=1 2')}&math=a%2Bb=c+d&b64=QUI=&pct=100%`;
    expect(query(harmless)).toBe(harmless);
  });

  it('H6 what is nested deeper than anybody writes is not shown', () => {
    let deep = 'token=s3cret';
    for (let level = 0; level < 12; level += 1) deep = `a=${encoded(deep)}`;
    expect(query(deep)).not.toContain('s3cret');
  });

  it('H6 user, password and fragment do not stay in a URL', () => {
    expect(url(new URL('https://ann:s3cret@example.com:8443/a?code=1#token=2'))).toBe(
      'https://REDACTED:REDACTED@example.com:8443/a?code=REDACTED',
    );
    expect(url(new URL('https://example.com/a'))).toBe('https://example.com/a');
    expect(url(new URL('https://example.com/#'))).toBe('https://example.com/');
  });
});

describe('redaction of URLs in texts', () => {
  it.each([
    ['no URL, a=1&token=2', 'no URL, a=1&token=2'],
    [
      'Request cannot be constructed from a URL that includes credentials: http://ann:s3cret@host/a?b=1',
      'Request cannot be constructed from a URL that includes credentials: http://REDACTED:REDACTED@host/a?b=1',
    ],
    [
      'got "https://host/?token=1", then redis://:pw@host:6379/0 and file:///a/b.js:1:2',
      'got "https://host/?token=REDACTED", then redis://REDACTED:REDACTED@host:6379/0 and file:///a/b.js:1:2',
    ],
  ])('E6 %s', (given, expected) => {
    expect(redactText(given)).toBe(expected);
  });
});
