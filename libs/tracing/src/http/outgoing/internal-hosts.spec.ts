import { describe, expect, it } from 'vitest';
import { destinationRule } from './destinations.js';

const isInternal = destinationRule('internal', 'http.outgoing.propagateTo');

const INTERNAL = [
  // names
  'localhost',
  'LOCALHOST',
  'localhost.',
  'app.localhost',
  'App.LocalHost.:3000',
  'orders',
  'orders:8080',
  'orders.shop.svc',
  'orders.shop.svc.',
  'orders.shop.svc.cluster.local',
  'orders.shop.svc.cluster.local.',
  'ORDERS.SHOP.SVC.CLUSTER.LOCAL.:8080',
  '10-0-0-1.shop.pod.cluster.local',
  'printer.local',
  'db.internal',
  'db.eu-west-1.compute.internal.',
  // loopback
  '127.0.0.1',
  '127.0.0.1.',
  '127.255.255.254:3000',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '0177.0.0.01:80',
  '0.0.0.0',
  '[::1]',
  '[::1]:80',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::FFFF:7F00:1]',
  '[::]',
  // private
  '10.0.0.0',
  '10.255.255.255',
  '167772161',
  '0xa.1',
  '012.0.0.1',
  '172.16.0.0',
  '172.31.255.255',
  '192.168.1.1',
  '0xC0A80101',
  '[::ffff:10.0.0.1]',
  '[::ffff:a00:1]:8080',
  '[::ffff:192.168.0.7]',
  '[fc00::1]',
  '[fd00::1]',
  '[FDFF:ffff::1]',
  'user:secret@orders',
  'evil.com@10.0.0.1',
  'evil.com%2F@localhost:8080',
];

const EXTERNAL = [
  // names that only look like it
  'api.svc.evil.com',
  'x.svc.co.uk',
  'svc.example.com',
  'api.cluster.local.evil.com',
  'localhost.example.com',
  'localhost.localdomain.com.',
  'notlocalhost.com',
  'mylocal.dev',
  'internal.example.com',
  'api.example.com',
  'api.example.com.',
  '10.example.com',
  '10.0.0.1.example.com',
  '10.0.0.1.nip.io',
  'orders@evil.com',
  'localhost:80@evil.com',
  'localhost%40@evil.com:8080',
  // public addresses
  '8.8.8.8',
  '11.0.0.0',
  '9.255.255.255',
  '126.255.255.255',
  '128.0.0.1',
  '172.15.255.255',
  '172.32.0.1',
  '192.167.255.255',
  '192.169.0.0',
  '134744072',
  '0x08080808',
  '[2001:db8::1]',
  '[fbff:ffff::1]',
  '[fe00::1]',
  '[::ffff:8.8.8.8]',
  '[::ffff:0:7f00:1]',
  '[64:ff9b::10.0.0.1]',
  // link-local and metadata
  '169.254.0.1',
  '169.254.169.254',
  '169.254.169.254.:80',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '169.254.170.2',
  '[::ffff:169.254.169.254]',
  '[::ffff:a9fe:a9fe]',
  '[fe80::1]',
  '[FEBF::1]:8080',
  '[fec0::1]',
  '[fd00:ec2::254]',
  '[fd00:ec2::23]',
  '[fd20:ce::254]',
  '100.100.100.200',
  '168.63.129.16',
  'metadata',
  'metadata.google.internal',
  'METADATA.google.internal.',
  'instance-data.ec2.internal',
];

describe('the own network', () => {
  it.each(INTERNAL)('H5 holds %s', (host) => {
    expect(isInternal(new URL(`http://${host}/`))).toBe(true);
  });

  it.each(EXTERNAL)('H5 does not hold %s', (host) => {
    expect(isInternal(new URL(`http://${host}/`))).toBe(false);
  });
});

describe('a list of hosts', () => {
  it('H5 names a host with or without the dot that ends a full name', () => {
    const rule = destinationRule(['api.example.com', '*.corp.example.', 'fe80::7'], '');
    const hosts = ['api.example.com.', 'API.example.com', 'a.corp.example', 'a.corp.example.'];
    for (const host of [...hosts, '[fe80::7]:80']) {
      expect(rule(new URL(`http://${host}/`))).toBe(true);
    }
    expect(rule(new URL('http://example.com./'))).toBe(false);
  });
});
