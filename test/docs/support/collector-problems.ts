import { parseDocument } from 'yaml';
import type { CodeBlock } from './code-blocks.js';

/** What is read of a Collector's configuration. */
interface CollectorConfiguration {
  readonly receivers?: Named;
  readonly processors?: Named;
  readonly exporters?: Named;
  readonly connectors?: Named;
  readonly extensions?: Named;
  readonly service?: {
    readonly extensions?: readonly string[];
    readonly pipelines?: Readonly<Record<string, Pipeline>>;
  };
}

type Named = Readonly<Record<string, unknown>>;
type Kind = 'receivers' | 'processors' | 'exporters';
type Pipeline = Partial<Record<Kind, readonly string[]>>;

const KINDS: readonly Kind[] = ['receivers', 'processors', 'exporters'];

/** Whether a block is the configuration of a Collector. */
export function isCollectorConfiguration({ language, lines }: CodeBlock): boolean {
  return language === 'yaml' && lines.some((line) => line.startsWith('service:'));
}

/** What is wrong with the YAML of a block. */
export function syntaxProblems({ page, line, lines }: CodeBlock): string[] {
  const { errors } = parseDocument(lines.join('\n'), { uniqueKeys: true });
  return errors.map(
    ({ message, linePos }) => `${page}:${line + (linePos?.[0].line ?? 1) - 1}: ${message}`,
  );
}

/**
 * What a Collector would refuse: a pipeline without receivers or exporters, a component that a
 * pipeline names and nobody defines. One that is defined and never used is a mistake, too.
 */
export function collectorProblems(block: CodeBlock): string[] {
  const configuration = parseDocument(block.lines.join('\n')).toJS() as CollectorConfiguration;
  const pipelines = Object.entries(configuration.service?.pipelines ?? {});
  const problems = [
    ...(pipelines.length === 0 ? ['there are no pipelines'] : []),
    ...pipelines.flatMap(([name, pipeline]) => pipelineProblems(name, pipeline, configuration)),
    ...unusedComponents(configuration, pipelines),
    ...policyProblems(configuration.processors),
  ];
  return problems.map((problem) => `${block.page}:${block.line}: ${problem}`);
}

/** The policies of the Collector's tail sampling that may stand by themselves. */
const POLICIES = [
  'always_sample',
  'latency',
  'status_code',
  'probabilistic',
  'numeric_attribute',
  'string_attribute',
  'boolean_attribute',
  'rate_limiting',
  'span_count',
  'trace_state',
  'ottl_condition',
];

/** A policy has a name of its own, a type, and the settings of that type and of no other. */
function policyProblems(processors: Named = {}): string[] {
  return Object.entries(processors)
    .filter(([name]) => name.split('/')[0] === 'tail_sampling')
    .flatMap(([name, processor]) => {
      const { policies = [] } = (processor ?? {}) as { policies?: readonly Named[] };
      const names = policies.map((policy) => policy['name']);
      return [
        ...(policies.length === 0 ? [`${name} has no policies`] : []),
        ...(new Set(names).size < names.length ? [`${name} has two policies of one name`] : []),
        ...policies.flatMap((policy) => settingsProblems(name, policy)),
      ];
    });
}

function settingsProblems(processor: string, { name, type, ...settings }: Named): string[] {
  const policy = `policy ${String(name)} of ${processor}`;
  const isKnown = typeof type === 'string' && POLICIES.includes(type);
  if (typeof name !== 'string' || !isKnown)
    return [`${policy} has no name, or no type that is one`];
  const given = Object.keys(settings);
  const isComplete = type === 'always_sample' ? given.length === 0 : given.join() === type;
  return isComplete
    ? []
    : [`${policy} has settings of ${given.join(', ') || 'nothing'}, not of ${type}`];
}

function pipelineProblems(
  name: string,
  pipeline: Pipeline,
  configuration: CollectorConfiguration,
): string[] {
  const empty = (['receivers', 'exporters'] as const)
    .filter((kind) => (pipeline[kind] ?? []).length === 0)
    .map((kind) => `pipeline ${name} has no ${kind}`);
  const undefinedOnes = KINDS.flatMap((kind) =>
    (pipeline[kind] ?? [])
      .filter((component) => !definedIn(configuration, kind).includes(component))
      .map((component) => `pipeline ${name} names ${component}, which ${kind} does not define`),
  );
  return [...empty, ...undefinedOnes];
}

/** A connector is the exporter of one pipeline and the receiver of another. */
function definedIn(configuration: CollectorConfiguration, kind: Kind): string[] {
  const connectors = kind === 'processors' ? {} : configuration.connectors;
  return Object.keys({ ...configuration[kind], ...connectors });
}

function unusedComponents(
  configuration: CollectorConfiguration,
  pipelines: readonly (readonly [string, Pipeline])[],
): string[] {
  return KINDS.flatMap((kind) => {
    const used = new Set(pipelines.flatMap(([, pipeline]) => pipeline[kind] ?? []));
    return Object.keys(configuration[kind] ?? {})
      .filter((component) => !used.has(component))
      .map((component) => `${kind} defines ${component}, which no pipeline uses`);
  });
}
