/** What is wrong with one header, without its value: values of headers are credentials. */
export function headerFault(name: string, value: unknown): string | undefined {
  if (!HEADER_NAME.test(name)) return 'is no header name: write letters, digits and hyphens';
  if (OF_THE_CONNECTION.has(name.toLowerCase())) {
    return 'the export sets the headers of its connection and its body itself: leave it out';
  }
  if (typeof value !== 'string') return 'write its value as a text';
  return HEADER_VALUE.test(value)
    ? undefined
    : 'its value holds characters that no header can carry';
}

/** What of a legal header gRPC cannot carry as metadata. */
export function metadataFault(name: string, value: string): string | undefined {
  if (!METADATA_NAME.test(name))
    return 'gRPC carries only letters, digits, "-", "_" and "." in names';
  if (/-bin$/i.test(name))
    return 'gRPC takes bytes where a name ends in "-bin": write another name';
  return METADATA_VALUE.test(value)
    ? undefined
    : 'its value holds characters that gRPC cannot carry: write printable ASCII';
}

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const METADATA_NAME = /^[0-9a-z_.-]+$/i;
const METADATA_VALUE = /^[\x20-\x7e]*$/;

/** HTTP/2 refuses most of these each time anew, and gRPC tries again at once, for ever. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
