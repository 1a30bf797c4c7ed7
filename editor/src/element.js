// <promql-editor>: CodeMirror over the plain field that the page renders inside it.
//
// The field stays the one that the page knows: it hears of every change as if it had been typed there, and
// what is put into it shows in the editor. Attributes: `data-marks` (JSON, see marks.js), `data-complete`
// and `data-colours` (`off` switches them off). The field gets a `load` event once the editor is there.

import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionStatus, currentCompletions, moveCompletionSelection, selectedCompletion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { Compartment, EditorState, Prec, Transaction } from '@codemirror/state';
import { EditorView, keymap, placeholder, tooltips } from '@codemirror/view';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';
import { colours } from './colours.js';
import { marks, setMarks } from './marks.js';

const native = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value');

/** The names that are offered are asked for once for all editors of a page. */
let names;
function language() {
  names ??= new PromQLExtension().setComplete({ remote: { url: '' } });
  return names.activateLinter(false).asExtension();
}

/** Accepts what is chosen in the list of completions, or its first entry; without a list, Tab goes on. */
function acceptFirst(view) {
  if (currentCompletions(view.state).length === 0) return false;
  if (!selectedCompletion(view.state)) moveCompletionSelection(true)(view);
  acceptCompletion(view);
  return true;
}

class PromqlEditor extends HTMLElement {
  static observedAttributes = ['data-marks', 'data-complete', 'data-colours'];

  completion = new Compartment();

  colour = new Compartment();

  connectedCallback() {
    const field = this.querySelector('textarea');
    if (!field || this.view) return;
    this.field = field;
    const focused = document.activeElement === field;
    const { selectionStart: anchor, selectionEnd: head } = field;
    this.view = new EditorView({
      parent: this,
      state: EditorState.create({
        doc: native.get.call(field),
        selection: focused ? { anchor, head } : undefined,
        extensions: this.extensions(),
      }),
    });
    // CodeMirror's own; a field with suggestions may not have them.
    for (const name of ['aria-multiline', 'aria-placeholder']) this.view.contentDOM.removeAttribute(name);
    const element = this;
    Object.defineProperty(field, 'value', {
      configurable: true,
      get: () => native.get.call(field),
      set(text) {
        native.set.call(field, text);
        element.show(native.get.call(field));
      },
    });
    field.hidden = true;
    this.dataset.rich = '';
    if (focused) this.view.focus();
    this.underline();
    field.dispatchEvent(new Event('load'));
  }

  disconnectedCallback() {
    // Moved, not removed: the editor stays.
    queueMicrotask(() => {
      if (this.isConnected || !this.view) return;
      this.view.destroy();
      delete this.view;
      delete this.field.value;
    });
  }

  attributeChangedCallback(name) {
    if (!this.view) return;
    if (name === 'data-marks') this.underline();
    if (name === 'data-complete') this.view.dispatch({ effects: this.completion.reconfigure(this.completes()) });
    if (name === 'data-colours') this.view.dispatch({ effects: this.colour.reconfigure(this.coloured()) });
  }

  completes() {
    // What is typed is run by Enter unless a completion was chosen.
    const typing = this.dataset.complete !== 'off';
    return autocompletion({ activateOnTyping: typing, selectOnOpen: false, interactionDelay: 0, icons: false, maxRenderedOptions: 60 });
  }

  coloured() {
    return this.dataset.colours === 'off' ? [] : colours;
  }

  extensions() {
    const { field } = this;
    const key = (name, run) => ({ key: name, run });
    return [
      this.completion.of(this.completes()),
      Prec.highest(
        keymap.of([
          key('Tab', acceptFirst),
          key('Enter', (view) => (selectedCompletion(view.state) ? false : this.run(view))),
          key('Shift-Enter', insertNewlineAndIndent),
          key('Escape', (view) => {
            if (!closeCompletion(view)) view.contentDOM.blur();
            return true;
          }),
        ]),
      ),
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap]),
      history(),
      language(),
      bracketMatching(),
      closeBrackets(),
      this.colour.of(this.coloured()),
      marks,
      placeholder(field.placeholder),
      tooltips({ position: 'absolute' }),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of((view) => ({
        role: 'combobox',
        ...this.borrowed(),
        'aria-expanded': completionStatus(view.state) === 'active' ? 'true' : 'false',
        spellcheck: 'false',
        autocapitalize: 'off',
      })),
      EditorView.updateListener.of((update) => {
        if (update.docChanged && !update.transactions.some((one) => one.annotation(Transaction.remote))) this.tell();
        // What the page puts in goes where the caret is.
        const { anchor, head } = update.state.selection.main;
        if (update.selectionSet || update.docChanged) field.setSelectionRange(Math.min(anchor, head), Math.max(anchor, head));
      }),
    ];
  }

  /** What the field tells of itself, the editor tells too. */
  borrowed() {
    const names = ['aria-label', 'aria-describedby', 'aria-invalid'].filter((name) => this.field.hasAttribute(name));
    return Object.fromEntries(names.map((name) => [name, this.field.getAttribute(name)]));
  }

  /** The text was changed here. */
  tell() {
    native.set.call(this.field, this.view.state.doc.toString());
    this.field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }

  /** The text was changed elsewhere. */
  show(text) {
    const { state } = this.view;
    if (state.doc.toString() === text) return;
    this.view.dispatch({
      changes: { from: 0, to: state.doc.length, insert: text },
      selection: { anchor: text.length },
      annotations: Transaction.remote.of(true),
    });
  }

  run(view) {
    closeCompletion(view);
    this.field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    return true;
  }

  underline() {
    let list = [];
    try {
      list = JSON.parse(this.dataset.marks || '[]');
    } catch {
      // Half an attribute says nothing.
    }
    this.view.dispatch({ effects: setMarks.of(list) });
  }

  /** The text. */
  get value() {
    return this.view ? this.view.state.doc.toString() : '';
  }
}

customElements.define('promql-editor', PromqlEditor);
