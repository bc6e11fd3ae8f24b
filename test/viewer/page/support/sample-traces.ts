import { freshTraceId } from '../../support/messages.js';
import { freshSpanId, otlpTrace, type OtlpTrace, type Sketch } from './otlp-sketch.js';

const STACK = `OrderNotFoundError: order 4711 does not exist
    at OrdersService.find (/srv/shop/src/orders/orders.service.ts:41:13)
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)
    at async OrdersController.show (/srv/shop/src/orders/orders.controller.ts:22:12)
    at async /srv/shop/node_modules/@nestjs/core/router/router-execution-context.js:46:28`;

const query = (at: number, takes: number, text: string, more: Partial<Sketch> = {}): Sketch => ({
  name: text
    .split(' ')
    .slice(0, 1)
    .concat(/(?:FROM|INTO|UPDATE) (\w+)/.exec(text)?.[1] ?? '')
    .join(' '),
  at,
  takes,
  kind: 3,
  attributes: {
    'db.system.name': 'postgresql',
    'db.namespace': 'shop',
    'db.query.text': text,
    'server.address': 'db.internal',
  },
  ...more,
});

const server = (route: string, takes: number, more: Partial<Sketch> = {}): Sketch => ({
  name: `GET ${route}`,
  takes,
  kind: 2,
  service: 'shop',
  attributes: {
    'http.request.method': 'GET',
    'http.route': route,
    'url.path': route,
    'http.response.status_code': more.error === undefined ? 200 : 500,
    'user.id': 42,
  },
  ...more,
});

/** A request over three services that goes well, with log lines. */
export function checkout(start: number, traceId = freshTraceId()): OtlpTrace {
  const price: Sketch = {
    name: 'GET',
    at: 18,
    takes: 46,
    kind: 3,
    attributes: {
      'http.request.method': 'GET',
      'url.full': 'http://pricing.internal/quotes?sku=7',
    },
    children: [
      {
        ...server('/quotes', 40, { at: 21, service: 'pricing' }),
        children: [
          query(23, 9, 'SELECT price, currency FROM prices WHERE sku = $1 AND valid_to > now()'),
          {
            name: 'Rounding.apply',
            at: 33,
            takes: 24,
            logs: [{ at: 40, message: 'rounded to 2 digits' }],
          },
        ],
      },
    ],
  };
  const publish: Sketch = {
    name: 'publish orders',
    at: 92,
    takes: 6,
    kind: 4,
    attributes: { 'messaging.system': 'rabbitmq', 'messaging.destination.name': 'orders' },
    children: [
      {
        name: 'process orders',
        at: 99,
        takes: 31,
        kind: 5,
        service: 'warehouse',
        attributes: { 'messaging.system': 'rabbitmq', 'messaging.destination.name': 'orders' },
        children: [
          query(103, 20, 'UPDATE stock SET reserved = reserved + $1 WHERE sku = $2', {
            service: 'warehouse',
          }),
        ],
      },
    ],
  };
  return otlpTrace(traceId, start, {
    ...server('/checkout/:cart', 138, { logs: [{ at: 136, message: 'request completed' }] }),
    children: [
      { name: 'AuthGuard.canActivate', at: 2, takes: 5 },
      {
        name: 'CheckoutService.run',
        at: 8,
        takes: 124,
        logs: [
          { at: 9, message: 'cart 17 has 3 items' },
          { at: 90, message: 'payment takes longer than usual', severity: 'WARN' },
        ],
        children: [
          query(
            9,
            8,
            'SELECT * FROM carts LEFT JOIN items ON items.cart_id = carts.id WHERE carts.id = $1',
          ),
          price,
          query(66, 22, 'INSERT INTO orders (cart_id, total) VALUES ($1, $2) RETURNING id'),
          publish,
        ],
      },
    ],
  });
}

/** The same statement again and again under one parent. */
export function queryInLoop(start: number, count: number, traceId = freshTraceId()): OtlpTrace {
  const lookups = Array.from({ length: count }, (_, index) =>
    query(12 + index * 4, 3.2, 'SELECT name, price FROM products WHERE id = $1'),
  );
  const cured = [query(12, 6, 'SELECT name, price FROM products WHERE id = ANY($1)')];
  const end = 14 + (count > 1 ? count * 4 : 8);
  return otlpTrace(traceId, start, {
    ...server('/orders/:id', end + 4),
    children: [
      {
        name: 'OrdersService.load',
        at: 3,
        takes: end,
        children: [
          query(4, 7, 'SELECT * FROM orders WHERE id = $1'),
          ...(count > 1 ? lookups : cured),
        ],
      },
    ],
  });
}

/** Calls in memory, of which the first twenty have spans and the others one together. */
export function collapsedCalls(start: number, count: number, traceId = freshTraceId()): OtlpTrace {
  const name = 'Catalogue.priceOf';
  const calls = Array.from({ length: Math.min(20, count) }, (_, index) => ({
    name,
    at: 2 + index / 10,
    takes: 0.05,
  }));
  const attributes = {
    'async.collapsed.count': count - calls.length,
    'async.collapsed.duration.sum_ms': 2,
  };
  const rest = count > 20 ? [{ name, at: 5, takes: 3, attributes }] : [];
  return otlpTrace(traceId, start, {
    ...server('/list', 9),
    children: [{ name: 'Catalogue.list', at: 1, takes: 8, children: [...calls, ...rest] }],
  });
}

/** A group whose third task fails: siblings are called off, two never start. */
export function brokenGroup(start: number, traceId = freshTraceId()): OtlpTrace {
  const task = (
    name: string,
    at: number,
    takes: number,
    outcome: string,
    more: Partial<Sketch> = {},
  ): Sketch => ({
    name,
    at,
    takes,
    ...more,
    attributes: { 'async.task.outcome': outcome, ...more.attributes },
  });
  const reason = { 'async.task.cancel.reason': 'shard 2: connection refused' };
  return otlpTrace(traceId, start, {
    ...server('/lookup/broken', 74, { error: 'shard 2: connection refused' }),
    children: [
      {
        name: 'query shards',
        at: 4,
        takes: 64,
        error: 'shard 2: connection refused',
        attributes: {
          'async.group.tasks.total': 6,
          'async.group.tasks.error': 1,
          'async.group.tasks.cancelled': 2,
        },
        children: [
          task('shard 0', 5, 21, 'ok', {
            children: [query(6, 18, 'SELECT * FROM keys WHERE shard = $1')],
          }),
          task('shard 1', 5, 58, 'cancelled', { attributes: reason, error: 'cancelled' }),
          task('shard 2', 5, 34, 'error', {
            error: 'shard 2: connection refused',
            events: [
              {
                name: 'exception',
                at: 39,
                attributes: {
                  'exception.type': 'OrderNotFoundError',
                  'exception.message': 'shard 2: connection refused',
                  'exception.stacktrace': STACK,
                },
              },
            ],
          }),
          task('shard 3', 26, 39, 'cancelled', { attributes: reason, error: 'cancelled' }),
          task('shard 4', 39, 0, 'not_started', { attributes: reason }),
          task('shard 5', 39, 0, 'not_started', { attributes: reason }),
        ],
      },
    ],
  });
}

/** A request and the work that it leaves behind, each linked to the other. */
export function detachedWork(start: number): [OtlpTrace, OtlpTrace] {
  const [origin, work] = [freshTraceId(), freshTraceId()];
  const [caller, audit] = [freshSpanId(), freshSpanId()];
  const started = {
    name: 'async.detached.started',
    at: 9,
    attributes: {
      'async.detached.trace_id': work,
      'async.detached.span_id': audit,
      'async.detached.name': 'write audit',
    },
  };
  return [
    otlpTrace(origin, start, {
      ...server('/profile/:id', 24),
      children: [
        {
          name: 'ProfileService.show',
          id: caller,
          at: 3,
          takes: 17,
          events: [started],
          children: [query(4, 11, 'SELECT * FROM users WHERE id = $1')],
        },
      ],
    }),
    otlpTrace(work, start + 9, {
      name: 'write audit',
      id: audit,
      takes: 33,
      attributes: { 'async.detached.origin': origin },
      links: [{ traceId: origin, spanId: caller }],
      children: [query(4, 25, 'INSERT INTO audits (who, what) VALUES ($1, $2)')],
    }),
  ];
}

/** One request that blocks the event loop, and one that had to wait for it. */
export function blockedLoop(start: number): [OtlpTrace, OtlpTrace] {
  const blocked = {
    name: 'event_loop.blocked',
    at: 12,
    attributes: {
      'event_loop.blocked.duration_ms': 320,
      'event_loop.blocked.cause': 'js',
      'code.function.name': 'ReportService.render',
      'code.file.path': '/srv/shop/src/reports/report.service.ts',
      'code.line.number': 88,
    },
  };
  return [
    otlpTrace(freshTraceId(), start, {
      ...server('/reports/:month', 352),
      children: [
        {
          name: 'ReportService.render',
          at: 10,
          takes: 330,
          events: [blocked],
          attributes: { 'event_loop.blocked_ms': 320 },
        },
      ],
    }),
    otlpTrace(freshTraceId(), start + 30, {
      ...server('/health', 318),
      children: [{ name: 'HealthService.check', at: 2, takes: 312 }],
    }),
  ];
}

/** A request with a mark of every kind, and names as long as there are. */
export function marked(start: number, traceId = freshTraceId()): OtlpTrace {
  const route = '/accounts/:account/subscriptions/:subscription/invoices';
  const block = {
    'event_loop.blocked.duration_ms': 280,
    'code.file.path': '/srv/shop/src/invoice.ts',
    'code.line.number': 12,
  };
  const render: Sketch = {
    name: 'InvoiceService.render',
    at: 510,
    takes: 300,
    error: 'cancelled',
    attributes: { 'async.task.outcome': 'cancelled' },
    events: [{ name: 'event_loop.blocked', at: 520, attributes: block }],
    children: [{ name: 'Rates.of', at: 521, takes: 9, service: 'pricing' }],
  };
  const lookups = Array.from({ length: 120 }, (_, index) =>
    query(12 + index * 4, 3, 'SELECT price FROM prices WHERE id = $1'),
  );
  return otlpTrace(
    traceId,
    start,
    {
      ...server(route, 900, { service: 'subscription-billing-service', error: 'no rate' }),
      children: [...lookups, render],
    },
    { name: 'child of nobody', parentId: freshSpanId(), at: 20, takes: 10 },
  );
}

/** What another sender tells of a blocked loop: the event and nothing else; and a trace that had to wait. */
export function foreignBlock(start: number): [OtlpTrace, OtlpTrace] {
  const service = 'reports-py';
  const blocked = {
    name: 'event_loop.blocked',
    at: 20,
    attributes: {
      'event_loop.blocked.duration_ms': 250.4,
      'code.file.path': '/srv/reports/render.py',
      'code.line.number': 17,
    },
  };
  const render: Sketch = { name: 'render', at: 15, takes: 265, events: [blocked] };
  const check: Sketch = { name: 'check', at: 1, takes: 250 };
  return [
    otlpTrace(freshTraceId(), start, { ...server('/py', 300, { service }), children: [render] }),
    otlpTrace(freshTraceId(), start + 25, {
      ...server('/ping', 255, { service }),
      children: [check],
    }),
  ];
}

/** A callee whose clock is a second behind, a parent that never arrived, and times that run backwards. */
export function oddTimes(start: number, traceId = freshTraceId()): OtlpTrace {
  return otlpTrace(
    traceId,
    start,
    {
      ...server('/skewed', 60),
      children: [
        {
          name: 'POST',
          at: 5,
          takes: 40,
          kind: 3,
          children: [{ ...server('/late-clock', 30, { at: -985, service: 'billing' }) }],
        },
        { name: 'ends before it starts', at: 50, takes: -6 },
      ],
    },
    { name: 'child of nobody', parentId: freshSpanId(), at: 20, takes: 10 },
  );
}

/** Text that would be markup, script or a command if anybody took it for that. */
export const HOSTILE_TEXTS = [
  '<img src=x onerror="window.pwned=1">',
  '<script>window.pwned=2</script>',
  'javascript:window.pwned=3',
  '"><svg/onload=window.pwned=4>',
  '\u202egnp.exe\u2066',
  '\u001b[31mred\u001b[0m',
  '\ud800 lone',
  '__proto__',
  '{{constructor.constructor("window.pwned=5")()}}',
];

/** The same text everywhere that a sender may put one. */
export function hostile(start: number, text: string, traceId = freshTraceId()): OtlpTrace {
  const attributes = { 'http.route': text, [text]: text, 'db.query.text': text, 'url.full': text };
  return otlpTrace(traceId, start, {
    name: text,
    takes: 20,
    kind: 2,
    service: text,
    error: text,
    attributes,
    logs: [{ at: 3, message: text, severity: text }],
    events: [
      { name: text, at: 2, attributes },
      {
        name: 'exception',
        at: 4,
        attributes: {
          'exception.type': text,
          'exception.message': text,
          'exception.stacktrace': text,
        },
      },
    ],
    links: [{ traceId: freshTraceId(), spanId: freshSpanId() }],
    children: [{ name: text, at: 5, takes: 5, service: `${text} 2` }],
  });
}

/** A trace of many spans: a chain, a fan, or a bushy tree whose names repeat. */
export function largeTrace(
  start: number,
  count: number,
  shape: 'deep' | 'wide' | 'tree',
  traceId = freshTraceId(),
): OtlpTrace {
  const ids = Array.from({ length: count }, freshSpanId);
  const parentOf = (index: number) =>
    shape === 'deep' ? index - 1 : shape === 'wide' ? 0 : Math.floor((index - 1) / 3);
  const spans = ids.map((id, index): Sketch => {
    const at = shape === 'deep' ? index * 0.01 : (index * 1_000) / count;
    const takes = index === 0 ? 1_200 : shape === 'deep' ? 1_100 - index * 0.1 : 1 + (index % 40);
    const parentId = index === 0 ? undefined : ids[parentOf(index)]!;
    return {
      name: index === 0 ? `GET /large/${shape}` : `step ${index % 97}`,
      id,
      at,
      takes: Math.max(0.01, takes),
      ...(parentId === undefined ? { kind: 2 } : { parentId }),
      ...(index % 500 === 499 ? { error: 'failed' } : {}),
      attributes: {
        'item.index': index,
        'http.route': index === 0 ? `/large/${shape}` : '',
        'user.id': index % 10,
        flag: true,
      },
    };
  });
  return otlpTrace(traceId, start, ...spans);
}
