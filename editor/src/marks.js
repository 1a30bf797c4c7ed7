// Underlines: where an error, a warning or a note points. The page finds them, the editor shows them.

import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, WidgetType } from '@codemirror/view';

/** Takes `{ from, to, kind }` for each underline, in UTF-16 units. */
export const setMarks = StateEffect.define();

/** A space to underline where something is missing. */
class Missing extends WidgetType {
  constructor(kind) {
    super();
    this.kind = kind;
  }

  eq(other) {
    return other.kind === this.kind;
  }

  toDOM() {
    const space = document.createElement('span');
    space.className = 'editor__mark';
    space.dataset.kind = this.kind;
    space.textContent = '\u00a0';
    return space;
  }
}

function decorate({ from, to, kind }, length) {
  const start = Math.min(from, length);
  const end = Math.min(to, length);
  if (start >= end) return Decoration.widget({ widget: new Missing(kind), side: 1 }).range(start);
  return Decoration.mark({ class: 'editor__mark', attributes: { 'data-kind': kind } }).range(start, end);
}

export const marks = StateField.define({
  create: () => Decoration.none,
  update(shown, transaction) {
    const effect = transaction.effects.find((one) => one.is(setMarks));
    if (!effect) return shown.map(transaction.changes);
    const { length } = transaction.state.doc;
    return Decoration.set(effect.value.map((mark) => decorate(mark, length)), true);
  },
  provide: (field) => EditorView.decorations.from(field),
});
