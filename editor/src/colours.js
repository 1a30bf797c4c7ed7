// Colours of words, by the syntax tree. Words that have help carry it as `data-help`, where the page finds it.

import { syntaxTree } from '@codemirror/language';
import { RangeSetBuilder } from '@codemirror/state';
import { Decoration, ViewPlugin } from '@codemirror/view';

const AGGREGATIONS = new Set([
  'Avg', 'Bottomk', 'Count', 'CountValues', 'Group', 'LimitK', 'LimitRatio', 'Max', 'Min', 'Quantile', 'Stddev', 'Stdvar', 'Sum', 'Topk',
]);
const KEYWORDS = new Set([
  'And', 'Atan2', 'Bool', 'By', 'End', 'GroupLeft', 'GroupRight', 'Ignoring', 'Offset', 'On', 'Or', 'Start', 'Unless', 'Without',
]);

function kindOf(node) {
  const { name } = node;
  if (AGGREGATIONS.has(name)) return node.firstChild ? undefined : 'function';
  if (KEYWORDS.has(name)) return 'keyword';
  switch (name) {
    case 'FunctionIdentifier':
      return 'function';
    case 'Identifier':
      return node.parent?.name === 'VectorSelector' ? 'metric' : undefined;
    case 'LabelName':
      return 'label';
    case 'StringLiteral':
      return 'string';
    case 'NumberDurationLiteral':
    case 'NumberDurationLiteralInDurationContext':
      return 'number';
    case 'LineComment':
      return 'comment';
    default:
      return undefined;
  }
}

const HELPED = new Set(['function', 'metric', 'keyword']);

function draw(view) {
  const builder = new RangeSetBuilder();
  for (const { from, to } of view.visibleRanges) {
    let last = from;
    syntaxTree(view.state).iterate({
      from,
      to,
      enter(found) {
        const kind = kindOf(found.node);
        if (!kind || found.from < last || found.from === found.to) return;
        last = found.to;
        const attributes = HELPED.has(kind) ? { 'data-help': view.state.sliceDoc(found.from, found.to) } : {};
        builder.add(found.from, found.to, Decoration.mark({ class: `code__${kind}`, attributes }));
      },
    });
  }
  return builder.finish();
}

export const colours = ViewPlugin.fromClass(
  class {
    constructor(view) {
      this.decorations = draw(view);
    }

    update(update) {
      if (update.docChanged || update.viewportChanged || syntaxTree(update.startState) !== syntaxTree(update.state)) {
        this.decorations = draw(update.view);
      }
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
