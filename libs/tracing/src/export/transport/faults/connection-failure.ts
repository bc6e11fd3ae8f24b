import type { SendFailure } from '../transport.interface.js';

/** Codes of an error after which nobody can have taken the request: there was no connection. */
const UNREACHABLE =
  /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOST|ENET|ETIMEDOUT|EADDRNOTAVAIL|EACCES|EPERM|ERR_PROXY)/;
const TLS =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_|ERR_SSL_|EPROTO|ERR_OSSL)|_IN_CHAIN$/;
/** Codes of an error about bytes that are not of the protocol. */
const FOREIGN = /^(HPE_|ERR_HTTP2_ERROR$|ERR_HTTP2_SESSION_ERROR$|ERR_HTTP2_INVALID)/;

/** Returns why a connection failed, from its error. */
export function failureOf(error: unknown): SendFailure {
  const { code, message } = firstOf(error);
  const reason = code ?? message;
  if (code !== undefined && FOREIGN.test(code)) return { cause: 'foreign', reason };
  if (code !== undefined && (UNREACHABLE.test(code) || TLS.test(code)))
    return { cause: 'unreachable', reason };
  return { cause: 'silent', reason };
}

/** Whether the reason is one of TLS. */
export function isTlsFailure(reason: string): boolean {
  return TLS.test(reason);
}

/** A name with several addresses fails with an error for each. */
function firstOf(error: unknown): NodeJS.ErrnoException {
  const { errors } = error as { errors?: unknown[] };
  return (errors?.[0] ?? error) as NodeJS.ErrnoException;
}
