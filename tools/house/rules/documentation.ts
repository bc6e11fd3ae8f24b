import ts from 'typescript';
import type { Finding, Measurement } from '../measurement.js';
import { docComments } from '../read/comments.js';
import { lineOf } from '../read/line-of.js';
import type { SourcePackage } from '../read/source-package.js';
import { publicExports, type PublicExport } from './public-exports.js';

export function documentation(source: SourcePackage): Measurement {
  const docLines = [...source.modules.values()]
    .flatMap(({ tree }) => docComments(tree))
    .reduce((total, { first, last }) => total + last - first + 1, 0);
  const offered = publicExports(source);
  const bare = offered.filter(({ declarations }) => !declarations.some(isDocumented));
  return {
    figures: [
      { name: 'doc lines', value: docLines },
      { name: 'public exports', value: offered.length },
      {
        name: 'public exports without TSDoc',
        value: bare.length,
        limit: 'none',
        broken: bare.length > 0,
      },
    ],
    findings: bare.map(finding),
  };
}

function isDocumented(declaration: ts.Node): boolean {
  return ts.getJSDocCommentsAndTags(declaration).some(ts.isJSDoc);
}

function finding({ file, name, declarations: [first] }: PublicExport): Finding {
  const line = first === undefined ? 1 : lineOf(first);
  return { rule: 'missing TSDoc', file, line, message: `${name} is public and says nothing` };
}
