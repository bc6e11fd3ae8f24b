import { describe, expect, it } from 'vitest';
import { readOptions } from './options.js';

describe('readOptions', () => {
  it('listens on the standard ports of the loopback by default', () => {
    expect(readOptions([], {})).toMatchObject({
      host: '127.0.0.1',
      grpcPort: 4317,
      httpPort: 4318,
      tracedOnly: false,
    });
  });

  it('lets the command line win over the environment', () => {
    const env = { VIEWER_GRPC_PORT: '5317', VIEWER_HTTP_PORT: '5318' };
    const options = readOptions(['--grpc-port', '0', '--attributes', 'a,b'], env);
    expect(options).toMatchObject({ grpcPort: 0, httpPort: 5318, attributes: ['a', 'b'] });
  });

  it.each(['-1', '70000', 'http', '1.5', ''])(
    'refuses the port %j by the name of its option',
    (port) => {
      expect(() => readOptions([`--grpc-port=${port}`], {})).toThrow('--grpc-port is');
    },
  );

  it('answers nothing when help is asked for', () => {
    expect(readOptions(['--help'], {})).toBeUndefined();
  });
});
