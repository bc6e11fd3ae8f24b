import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { MapNodeKind, ServiceMap } from '../../../src/wire/overview.interface.js';
import { api } from '../api/client.js';
import { amend, goTo, route } from '../app/navigation.js';
import { list, say } from '../app/state.js';
import { oneLine } from '../format/plain-text.js';
import { count, duration, percent, plural } from '../format/quantities.js';
import { exactTerm } from '../list/search-terms.js';
import { drawnCalls } from './map-calls.js';
import { NODE_HEIGHT, NODE_WIDTH, layoutMap, type Placed } from './map-layout.js';

const REFRESH_MILLIS = 2_000;
const MARGIN = 24;
/** A wide picture is drawn smaller, as long as it can be read. */
const LEAST_SCALE = 0.72;
const KINDS: Record<MapNodeKind, string> = {
  service: 'service',
  database: 'database',
  queue: 'queue',
  external: 'elsewhere',
};

/** Who calls whom, how often, how well and how fast, in the traces that match the search. */
export function ServiceMapPage() {
  const map = useSignal<ServiceMap | undefined>(undefined);
  const { query } = route.value;
  useEffect(() => {
    const ends = new AbortController();
    let version = -1;
    const read = () => {
      if (list.version.peek() === version || (version >= 0 && list.isPaused.peek())) return;
      version = list.version.peek();
      api.map(query, ends.signal).then(
        (found) => (map.value = found),
        (error: unknown) => {
          if (!ends.signal.aborted) say(error instanceof Error ? error.message : String(error));
        },
      );
    };
    read();
    const timer = setInterval(read, REFRESH_MILLIS);
    return () => {
      ends.abort();
      clearInterval(timer);
    };
  }, [query]);
  const found = map.value;
  return (
    <main class="middle" aria-label="Service map">
      {!found && <p class="empty dim">Reading …</p>}
      {found?.nodes.length === 0 && (
        <p class="empty dim">No call between services has arrived yet.</p>
      )}
      {found && found.nodes.length > 0 && <Picture map={found} />}
      {found && found.edges.length > 0 && <Calls map={found} />}
    </main>
  );
}

function Picture({ map }: { map: ServiceMap }) {
  const { nodes, width, height } = layoutMap(map);
  const { calls: drawn, above } = drawnCalls(map, nodes);
  const most = Math.max(1, ...map.edges.map(({ calls }) => calls));
  const whole = width + 2 * MARGIN;
  return (
    <div class="map scroll" tabIndex={0} role="region" aria-label="Picture of the calls">
      <svg
        style={{ width: `${whole}px`, minWidth: `${whole * LEAST_SCALE}px` }}
        viewBox={`${-MARGIN} ${-MARGIN - above} ${whole} ${height + above + 2 * MARGIN}`}
        role="img"
        aria-label="Who calls whom; the table below says the same"
      >
        {map.edges.map((edge, index) => (
          <path
            key={`${edge.from} ${edge.to}`}
            class="edge"
            data-bad={edge.errors > 0}
            d={drawn[index]!.path}
            stroke-width={1 + 4 * Math.sqrt(edge.calls / most)}
          >
            <title>
              {plural(edge.calls, 'call')}, p50 {duration(edge.p50)}, p95 {duration(edge.p95)}
            </title>
          </path>
        ))}
        {map.edges.map((edge, index) => (
          <EdgeText
            key={`${edge.from} ${edge.to}`}
            edge={edge}
            seconds={map.seconds}
            at={drawn[index]!.text}
          />
        ))}
        {map.nodes.map((node, index) => (
          <Node
            key={`${node.kind} ${node.name}`}
            node={node}
            at={nodes[index]!}
            seconds={map.seconds}
          />
        ))}
      </svg>
    </div>
  );
}

type MapNode = ServiceMap['nodes'][number];

function Node({ node, at, seconds }: { node: MapNode; at: Placed; seconds: number }) {
  const { name, kind, calls, errors } = node;
  return (
    <g class="node" data-kind={kind} data-bad={errors > 0} transform={`translate(${at.x} ${at.y})`}>
      <rect width={NODE_WIDTH} height={NODE_HEIGHT} rx={kind === 'service' ? 8 : 2} />
      <text x="12" y="22" class="node-name">
        {oneLine(name, 22)}
      </text>
      <text x="12" y="41" class="node-facts">
        {KINDS[kind]} · {rate(calls, seconds)}
        {errors > 0 ? ` · ${percent(errors / Math.max(1, calls))} failed` : ''}
      </text>
      <title>{oneLine(name, 200)}</title>
    </g>
  );
}

interface EdgeTextProps {
  readonly edge: ServiceMap['edges'][number];
  readonly seconds: number;
  readonly at: Placed;
}

function EdgeText({ edge, seconds, at: { x, y } }: EdgeTextProps) {
  return (
    <text class="edge-text" x={x} y={y - 5} text-anchor="middle" data-bad={edge.errors > 0}>
      {rate(edge.calls, seconds)}
      <tspan x={x} dy="15">
        {duration(edge.p50)}
      </tspan>
    </text>
  );
}

/** The same as text: for screen readers, and for figures that a picture has no room for. */
function Calls({ map }: { map: ServiceMap }) {
  const name = (node: number) => oneLine(map.nodes[node]?.name ?? '', 60);
  const show = (node: number) => {
    amend({ query: exactTerm('service:', map.nodes[node]?.name ?? '') });
    goTo({ page: 'list' }, { list: 'traces' });
  };
  return (
    <div class="scroll map-table" tabIndex={0} role="region" aria-label="Table of the calls">
      <table class="table">
        <thead>
          <tr>
            {['From', 'To', 'Calls', 'Rate', 'Errors', 'p50', 'p95'].map((each, index) => (
              <th key={each} scope="col" class={index > 1 ? 'number' : ''}>
                {each}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {map.edges.map(({ from, to, calls, errors, p50, p95 }) => (
            <tr key={`${from} ${to}`}>
              <th scope="row">
                <button type="button" class="link" onClick={() => show(from)}>
                  {name(from)}
                </button>
              </th>
              <td>{name(to)}</td>
              <td class="number">{count(calls)}</td>
              <td class="number">{rate(calls, map.seconds)}</td>
              <td class={`number ${errors > 0 ? 'bad' : ''}`}>{count(errors)}</td>
              <td class="number">{duration(p50)}</td>
              <td class="number">{duration(p95)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function rate(calls: number, seconds: number): string {
  const perSecond = calls / Math.max(1, seconds);
  if (perSecond >= 1) return `${perSecond >= 10 ? Math.round(perSecond) : perSecond.toFixed(1)}/s`;
  return `${(perSecond * 60).toFixed(perSecond * 60 >= 10 ? 0 : 1)}/min`;
}
