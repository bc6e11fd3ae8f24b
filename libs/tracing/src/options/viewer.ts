import type * as z from 'zod';
import { text } from '../validation/checks.js';
import { optionSchema, switchable } from '../validation/option-schema.js';
import { isOnThisMachine } from './otlp-endpoint.js';
import type { ViewerOptions } from './viewer-options.interface.js';

const USUAL_ENDPOINT = 'http://localhost:4318';

const CURE = `write the address of a viewer on this machine, such as "${USUAL_ENDPOINT}"`;

const endpoint = text.check((context) => {
  if (isLocalPage(context.value)) return;
  context.issues.push({ code: 'custom', input: undefined, message: CURE });
});

export const viewerSchema = switchable(
  optionSchema<ViewerOptions>()({
    endpoint: endpoint
      .optional()
      .describe(`that of endpoint where it is HTTP on this machine, else ${USUAL_ENDPOINT}`),
  }),
);

/** Where spans are shown while they run. */
export interface ViewerSettings {
  readonly endpoint: string;
}

/**
 * Fills in where the viewer is.
 *
 * @param otlpEndpoint where spans go over HTTP; undefined if they go elsewhere or otherwise
 */
export function viewerSettings(
  given: z.output<typeof viewerSchema>,
  otlpEndpoint: string | undefined,
): ViewerSettings | undefined {
  if (given === undefined) return undefined;
  return { endpoint: given.endpoint ?? pageOf(otlpEndpoint) ?? USUAL_ENDPOINT };
}

function pageOf(otlpEndpoint: string | undefined): string | undefined {
  if (otlpEndpoint === undefined || !URL.canParse(otlpEndpoint)) return undefined;
  const { origin } = new URL(otlpEndpoint);
  return isLocalPage(origin) ? origin : undefined;
}

function isLocalPage(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password, pathname, search } = new URL(address);
  const isBare = username + password + search === '' && pathname === '/';
  return protocol === 'http:' && isBare && isOnThisMachine(hostname);
}
