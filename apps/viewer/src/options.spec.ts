import { describe, expect, it } from 'vitest';
import { answerTo, readOptions } from './options.js';

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

  it.each([
    [['--prot', '1'], 'There is no option --prot. Did you mean --port?'],
    [['--max-span=5'], 'Did you mean --max-spans?'],
    [['--max'], 'Did you mean --max-spans?'],
    [['--nopage'], 'Did you mean --no-page?'],
    [['--no-terminals'], 'Did you mean --no-terminal?'],
    [['--colour'], 'There is no option --colour. --help names the options.'],
    [['--no-port'], 'There is no option --no-port. --help'],
    [['-p', '1'], 'There is no option -p. --help names the options.'],
    [['-hx'], 'There is no option -x.'],
    [['--port'], '--port has no value: write --port=<value>.'],
    [['--port', '--open'], '--port has no value'],
    [['--import', '--no-page'], '--import has no value'],
    [['--host='], '--host is empty: give a value, or leave it out.'],
    [['--host', ' '], '--host is empty'],
    [['--import', ''], '--import is empty'],
    [['--open=yes'], '--open takes no value: leave "=yes" out.'],
    [['--no-page=1'], '--no-page takes no value'],
    [['trace.json'], '"trace.json" belongs to no option. A file is shown with --import <file>'],
    [['--', 'trace.json'], '"trace.json" belongs to no option.'],
    [['--max-spans', '-5'], '--max-spans is "-5": give a whole number from 1 to 10000000.'],
    [['--max-spans', '0'], '--max-spans is "0": give a whole number from 1'],
    [['--quiet', '1e3'], '--quiet is "1e3": give a whole number from 0 to 600000.'],
    [['--rootless', '600001'], '--rootless is "600001"'],
    [['--timeout', '0'], '--timeout is "0": give a whole number from 1'],
    [['--port', '-1'], '--port is "-1": give a whole number from 0 to 65535, or auto.'],
    [['--port', '5000', '--grpc-port', '5000'], 'HTTP and gRPC cannot both have port 5000'],
    [['--open', '--no-page'], '--open has nothing to open with --no-page.'],
    [['--import', 'a', '--no-page'], '--import has no page to show a file on'],
    [['--allow-host', 'http://a:1'], '--allow-host is "http://a:1": give a name alone'],
    [['--allow-host', '*'], '--allow-host is "*": give a name alone'],
    [['x'.repeat(100_000)], 'belongs to no option'],
    [[`--${'x'.repeat(100_000)}`], '--help names the options.'],
  ])('says of %j what is wrong and what to write', (args, message) => {
    expect(() => readOptions(args, {})).toThrow(message);
  });

  it('names the variable of the environment that is wrong', () => {
    const env = { VIEWER_HTTP_PORT: 'http' };
    expect(() => readOptions([], env)).toThrow('VIEWER_HTTP_PORT is "http"');
    expect(readOptions(['--port', '1'], env)).toMatchObject({ httpPort: 1 });
  });

  it('takes the last of an option that is given again, under either of its names', () => {
    const twice = ['--port', '1', '--http-port', '2', '--quiet=5', '--quiet', '6'];
    expect(readOptions(twice, {})).toMatchObject({ httpPort: 2, quietMillis: 6 });
    expect(readOptions(['--no-page', '--page'], {})).toMatchObject({ hasPage: true });
  });

  it('takes every file and every name that is given', () => {
    const args = ['--import', 'a', '--import=b', '--allow-host', 'A.example', '--allow-host=b'];
    expect(readOptions(args, {})).toMatchObject({
      imports: ['a', 'b'],
      allowedHosts: ['a.example', 'b'],
    });
  });

  it('answers what is asked for: help, or the version', () => {
    expect(readOptions(['--help'], {})).toBeUndefined();
    expect(answerTo(['--help'])).toMatch(/--port <port>/);
    expect(readOptions(['--version'], {})).toBeUndefined();
    expect(answerTo(['--version'])).toMatch(/^\d+\.\d+\.\d+/);
  });
});
