/** Stands in for a value that is not to be seen. */
export const REDACTED = 'REDACTED';

/**
 * Names of parameters whose values are credentials: those that the HTTP conventions name (signatures of
 * AWS, Azure and Google), those of OAuth, OpenID Connect and SAML, and those of common sign-in forms.
 * Written and compared without case and separators, so `access_token`, `accessToken` and
 * `Access-Token` are one name.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/url/
 */
const SECRET_NAMES = [
  'awsaccesskeyid',
  'signature',
  'sig',
  'xgoogsignature',
  'xgoogcredential',
  'xamzsignature',
  'xamzcredential',
  'xamzsecuritytoken',
  'token',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'authtoken',
  'xauthtoken',
  'csrftoken',
  'xcsrftoken',
  'sessiontoken',
  'idtokenhint',
  'logintoken',
  'resettoken',
  'bearer',
  'jwt',
  'auth',
  'authorization',
  'key',
  'apikey',
  'xapikey',
  'accesskey',
  'privatekey',
  'secretkey',
  'secret',
  'clientsecret',
  'assertion',
  'clientassertion',
  'samlrequest',
  'samlresponse',
  'code',
  'codeverifier',
  'otp',
  'password',
  'newpassword',
  'oldpassword',
  'currentpassword',
  'passwordconfirmation',
  'passphrase',
  'passwd',
  'pwd',
  'credentials',
  'session',
  'sessionid',
  'jsessionid',
  'phpsessid',
  'sid',
];

const PARTS = /[[\].]/;
const SEPARATORS = /[^\p{L}\p{N}]/u;
const ALL_SEPARATORS = /[^\p{L}\p{N}]/gu;
/** Of a longer name its end counts: that is where the parts of objects are. */
const LONGEST_NAME = 256;

/** Whether the value of a parameter is a credential. */
export type IsSecret = (name: string) => boolean;

/**
 * Makes the rule for names. A name may be that of a part of an object or list, `user[password][]` or
 * `user.password`: then each part counts, and the whole.
 *
 * @param further names beside the well-known ones
 */
export function secretNames(further: readonly string[] = []): IsSecret {
  const secret = new Set([...SECRET_NAMES, ...further.map(bare)]);
  const isSecret = (name: string): boolean => name !== '' && secret.has(bare(name));
  return (given) => {
    const name = given.slice(-LONGEST_NAME);
    return isSecret(name) || (PARTS.test(name) && name.split(PARTS).some(isSecret));
  };
}

/** A name without case and separators. */
function bare(name: string): string {
  const lower = name.toLowerCase();
  return SEPARATORS.test(lower) ? lower.replaceAll(ALL_SEPARATORS, '') : lower;
}
