import { describe, expect, it } from 'vitest';
import { destinationRule } from './destinations.js';

const hits = (rule: ReturnType<typeof destinationRule>, host: string): boolean =>
  rule(new URL(`http://${host}/`));

describe('destinations', () => {
  it.each([
    ['localhost', true],
    ['orders', true],
    ['orders:8080', true],
    ['orders.default.svc', true],
    ['orders.default.svc.cluster.local', true],
    ['db.internal', true],
    ['127.0.0.1:3000', true],
    ['10.1.2.3', true],
    ['172.16.0.1', true],
    ['172.32.0.1', false],
    ['192.168.1.1', true],
    ['[::1]:80', true],
    ['[fd00::1]', true],
    ['[2001:db8::1]', false],
    ['8.8.8.8', false],
    ['api.example.com', false],
    ['localhost.example.com', false],
    ['10.example.com', false],
    ['10.0.0.1.example.com', false],
  ])('H5 internal: %s is %s', (host, expected) => {
    expect(hits(destinationRule('internal', ''), host)).toBe(expected);
  });

  it('H5 lists name hosts, hosts with a port, subdomains and patterns', () => {
    const rule = destinationRule(
      ['api.example.com', 'cache:6379', '*.corp.example', /^db\d+$/],
      '',
    );
    for (const host of [
      'api.example.com',
      'API.example.com',
      'api.example.com:8443',
      'cache:6379',
    ]) {
      expect(hits(rule, host)).toBe(true);
    }
    for (const host of ['a.b.corp.example', 'db7']) expect(hits(rule, host)).toBe(true);
    for (const host of ['example.com', 'cache:1', 'corp.example', 'evil-api.example.com']) {
      expect(hits(rule, host)).toBe(false);
    }
  });

  it('H5 a list may name the own network beside others', () => {
    const rule = destinationRule(['internal', 'api.example.com'], '');
    const hosts = ['orders', '10.1.2.3', 'api.example.com', 'example.com'];
    expect(hosts.map((host) => hits(rule, host))).toEqual([true, true, true, false]);
  });

  it('H5 a function decides, and one that throws names no host', () => {
    const rule = destinationRule(({ port }) => {
      if (port === '1') throw new Error('no');
      return port === '2';
    }, 'http.outgoing.propagateTo');
    expect([1, 2, 3].map((port) => hits(rule, `a:${port}`))).toEqual([false, true, false]);
  });
});
