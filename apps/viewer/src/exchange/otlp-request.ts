import type { Fields } from '../receiving/otlp/fields.js';

/** What sent a span: spans of one key have the resource of the first of them. */
export interface Sender {
  readonly key: unknown;
  readonly resource: () => readonly Fields[];
  readonly scope?: { readonly name: string; readonly version: string };
}

interface ScopeSpans {
  readonly scope: Fields;
  readonly spans: Fields[];
}

/** A request of OTLP that is made of the spans of another format. */
export class OtlpRequest {
  readonly #senders = new Map<unknown, { resource: Fields; scopeSpans: Map<string, ScopeSpans> }>();

  add(span: Fields, { key, resource, scope = { name: '', version: '' } }: Sender): void {
    const sender = this.#senders.get(key) ?? {
      resource: { attributes: resource() },
      scopeSpans: new Map<string, ScopeSpans>(),
    };
    this.#senders.set(key, sender);
    const scopeKey = JSON.stringify([scope.name, scope.version]);
    const { scopeSpans } = sender;
    const entry: ScopeSpans = scopeSpans.get(scopeKey) ?? { scope, spans: [] };
    scopeSpans.set(scopeKey, entry);
    entry.spans.push(span);
  }

  /** The message, as its JSON would be parsed. */
  get message(): Fields {
    const resourceSpans = [...this.#senders.values()].map(({ resource, scopeSpans }) => ({
      resource,
      scopeSpans: [...scopeSpans.values()],
    }));
    return { resourceSpans };
  }
}
