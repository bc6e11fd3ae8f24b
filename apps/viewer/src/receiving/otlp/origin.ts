import type { AttributeMap, Origin } from '../../telemetry.interface.js';
import { fieldsOf, textOf, type Fields } from './fields.js';
import { attributesOf } from './otlp-value.js';
import { Room } from './room.js';

/** The attributes of the resource that sent something. */
export function resourceOf(source: Fields): AttributeMap {
  return attributesOf(fieldsOf(source, 'resource'), new Room());
}

/** What sent the records of a scope. */
export function originOf(resource: AttributeMap, source: Fields): Origin {
  const name = resource['service.name'];
  const scope = fieldsOf(source, source['scope'] ? 'scope' : 'instrumentationLibrary');
  return {
    service: typeof name === 'string' ? name : 'unknown service',
    resource,
    scope: {
      name: textOf(scope, 'name'),
      version: textOf(scope, 'version'),
      attributes: attributesOf(scope, new Room()),
    },
  };
}
