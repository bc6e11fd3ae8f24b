import { expect, it } from 'vitest';
import { proxyFor } from './grpc-proxy.js';

const proxy = 'http://user:secret@proxy:3128';

it('the first variable that is set names the proxy of a call', () => {
  expect(proxyFor({ host: 'x' }, {})).toBeUndefined();
  expect(proxyFor({ host: 'x' }, { http_proxy: proxy })?.host).toBe('proxy:3128');
  const all = { grpc_proxy: proxy, https_proxy: 'http://b:1', http_proxy: 'http://c:1' };
  expect(proxyFor({ host: 'x' }, all)?.host).toBe('proxy:3128');
  for (const unusable of ['proxy:3128', 'https://proxy', ':', 'socks5://p:1'])
    expect(proxyFor({ host: 'x' }, { grpc_proxy: unusable })).toBeUndefined();
});

it.each([
  ['collector.internal', '.internal', true],
  ['collector.internal', 'collector.internal', true],
  ['collector.internal', 'x, ,collector.internal ', true],
  ['collector.example', '.internal', false],
  ['10.1.2.3', '10.0.0.0/8', true],
  ['11.1.2.3', '10.0.0.0/8', false],
  ['10.1.2.3', '10.0.0.0/99', false],
  ['fd00::1', 'fd00::/8', true],
  ['collector.internal', '10.0.0.0/8', false],
])('%s is excepted by %s: %s', (host, no_proxy, isExcepted) => {
  const found = proxyFor({ host }, { grpc_proxy: proxy, no_proxy });
  expect(found === undefined).toBe(isExcepted);
});
