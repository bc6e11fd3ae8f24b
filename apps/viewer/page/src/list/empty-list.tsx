import { copy } from '../app/clipboard.js';
import { amend, route } from '../app/navigation.js';
import { attempt, list } from '../app/state.js';
import { withAttributes } from './search-terms.js';

const NEST = (origin: string) => `npm install nestjs-tracing @opentelemetry/api

// app.module.ts
import { Module } from '@nestjs/common';
import { TracingModule } from 'nestjs-tracing';

@Module({
  imports: [
    TracingModule.forRoot({
      serviceName: 'orders',
      exporter: 'otlp-http',
      endpoint: '${origin}',
    }),
  ],
})
export class AppModule {}`;

const ANY = (origin: string) => `OTEL_SERVICE_NAME=orders
OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
OTEL_EXPORTER_OTLP_ENDPOINT=${origin}`;

/** What to do while there is nothing to see. */
export function EmptyList({ isFiltered }: { isFiltered: boolean }) {
  const state = list.state.value;
  if (state === 'loading') return <p class="empty dim">Reading …</p>;
  if (state === 'lost') {
    return (
      <div class="empty">
        <h2>The viewer does not answer</h2>
        <p>Start it again with</p>
        <Snippet text="npx nestjs-tracing-viewer" />
        <p class="dim">This page goes on by itself.</p>
      </div>
    );
  }
  return isFiltered ? <NoMatch /> : <FirstTrace />;
}

function NoMatch() {
  const { query } = route.value;
  const isWrong = list.fault.value !== undefined;
  const meant = isWrong ? query : withAttributes(query);
  return (
    <div class="empty">
      <h2>{isWrong ? 'This search is not understood' : 'No trace matches'}</h2>
      {!isWrong && <p class="dim">New ones appear here as they arrive.</p>}
      {meant !== query && (
        <p>
          An attribute is searched for with{' '}
          <button type="button" class="link" onClick={() => amend({ query: meant })}>
            {meant}
          </button>
        </p>
      )}
      <button type="button" class="button bordered" onClick={() => amend({ query: '' })}>
        Show all
      </button>
    </div>
  );
}

function FirstTrace() {
  const { origin } = location;
  return (
    <div class="empty">
      <h2>Waiting for the first trace</h2>
      <p>A Nest service sends it with</p>
      <Snippet text={NEST(origin)} />
      <p>Anything else that speaks OpenTelemetry, in any language, with</p>
      <Snippet text={ANY(origin)} />
      <p class="dim">Or drop a file here: JSON of OTLP, Jaeger or Zipkin, or a Chrome trace.</p>
    </div>
  );
}

function Snippet({ text }: { text: string }) {
  return (
    <div class="snippet">
      <pre tabIndex={0}>{text}</pre>
      <button type="button" class="button" onClick={() => attempt(() => copy(text, 'the lines'))}>
        Copy
      </button>
    </div>
  );
}
