//! Where a query is written.

mod help;
mod mirror;
mod rich;

use crate::components::suggestion_list::{Assist, SuggestionList};
use crate::state::Settings;
use crate::words::{Locale, t, td_string, use_i18n};
use help::{HelpBox, HoverHelp};
use leptos::html::Textarea;
use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;
pub use mirror::NotePlace;
use mirror::{Mark, mirror, pieces};
use promql_syntax::ParseError;
use std::sync::Arc;
use std::time::Duration;

/// How long typing must rest before an error is told: half a query is always wrong.
const REST: Duration = Duration::from_millis(600);

/// Whether an error is only that a variable stands there.
fn is_variable(text: &str, error: &ParseError) -> bool {
    let rest = text.get(error.span.start..).unwrap_or_default();
    rest.starts_with('$')
}

/// The first error in `text`; none in an empty one.
fn first_error(text: &str) -> Option<ParseError> {
    if text.trim().is_empty() {
        return None;
    }
    promql_syntax::parse(text)
        .err()
        .and_then(|errors| errors.iter().next().cloned())
}

/// A field for PromQL that grows with its text. Enter runs, Shift+Enter begins a line.
///
/// Once the page is awake, `<promql-editor>` puts a rich editor over the field; where its script does not
/// come, the field completes, colours and underlines by itself.
#[expect(clippy::too_many_lines, reason = "one field and all that hangs on it")]
#[component]
pub fn ExpressionEditor(
    /// Name for those who do not see the field.
    #[prop(into)]
    label: Signal<String>,
    /// Unique on the page; the stem of its parts' ids.
    id: String,
    /// The text.
    #[prop(into)]
    value: Signal<String>,
    /// Places of warnings and notes that came with the answer.
    #[prop(into)]
    notes: Signal<Vec<NotePlace>>,
    /// Takes the text as it changes.
    on_input: Callback<String>,
    /// Runs the query.
    on_run: Callback<()>,
    /// Whether `$name` stands for something that is filled in later.
    #[prop(optional)]
    has_variables: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let settings = expect_context::<Settings>();
    let input = NodeRef::<Textarea>::new();
    let assist = Assist::new(input, on_input);
    let settled = RwSignal::new(value.get_untracked());
    let error = Memo::new(move |_| {
        let text = value.get();
        // While typing goes on, an old error says nothing.
        (settled.get() == text && settings.linter.get())
            .then(|| first_error(&text))
            .flatten()
            .filter(|error| !(has_variables && is_variable(&text, error)))
    });
    let mut settle = debounce(REST, move |()| {
        settled.try_set(value.try_get_untracked().unwrap_or_default());
    });
    // A text that comes from elsewhere, such as the way back, was not typed.
    Effect::new(move |_| {
        value.track();
        settle(());
    });
    let hover = HoverHelp::new();
    let is_rich = RwSignal::new(false);
    Effect::new(|_| rich::fetch());
    let marks = Memo::new(move |_| {
        let text = value.get();
        match error.get() {
            Some(error) => vec![Mark::of_error(&text, error.span)],
            None => notes.with(|notes| {
                notes
                    .iter()
                    .filter_map(|note| Mark::of_note(&text, note))
                    .collect()
            }),
        }
    });
    let typed = move |event: web_sys::Event| {
        let text = event_target_value(&event);
        if settings.autocomplete.get_untracked() && !is_rich.get_untracked() {
            assist.offer(&text);
        }
        hover.leave();
        on_input.run(text);
    };
    let key = move |event: web_sys::KeyboardEvent| {
        // Enter that ends a composition (한글, 漢字) belongs to it.
        if event.is_composing() || assist.key(&event) {
            return;
        }
        if event.key() == "Enter" && !event.shift_key() {
            event.prevent_default();
            assist.close();
            settled.set(value.get_untracked());
            on_run.run(());
        }
    };
    let (error_id, list_id) = (format!("{id}-error"), format!("{id}-list"));
    let (described, controls, stem) = (error_id.clone(), list_id.clone(), list_id.clone());
    let invalid = move || error.with(Option::is_some).then_some("true");
    view! {
        <div class="editor" data-invalid=invalid data-plain=move || (!settings.highlight.get()).then_some("true")>
            <promql-editor
                class="editor__rich"
                data-marks=move || is_rich.get().then(|| rich::told(&value.get(), &marks.get()))
                data-complete=move || (!settings.autocomplete.get()).then_some("off")
                data-colours=move || (!settings.highlight.get()).then_some("off")
                on:pointermove=move |event| hover.moved(&event)
                on:pointerleave=move |_| hover.leave()
            >
            <div class="editor__grow">
                <pre class="editor__mirror" aria-hidden="true">
                    {move || (!is_rich.get()).then(|| mirror(pieces(&value.get(), &marks.get())))}
                </pre>
                <textarea
                    class="editor__input"
                    node_ref=input
                    id=id
                    rows="1"
                    role="combobox"
                    aria-label=move || label.get()
                    aria-describedby=described
                    aria-invalid=invalid
                    aria-autocomplete="list"
                    aria-expanded=move || if assist.is_open() { "true" } else { "false" }
                    aria-controls=controls
                    aria-activedescendant=move || assist.chosen().map(|place| format!("{stem}-{place}"))
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    placeholder=t!(i18n, graph.placeholder)
                    prop:value=move || value.get()
                    on:input=typed
                    on:keydown=key
                    on:focus=move |_| assist.prepare()
                    on:blur=move |_| assist.close()
                    on:load=move |_| {
                        assist.close();
                        is_rich.set(true);
                    }
                >
                    {value.get_untracked()}
                </textarea>
            </div>
            </promql-editor>
            <SuggestionList id=list_id assist/>
            <HelpBox hover/>
            <p class="editor__error" id=error_id role="status">
                {move || error.get().map(|error| error_line(&error, i18n.get_locale()))}
            </p>
        </div>
    }
}

fn error_line(error: &ParseError, locale: Locale) -> AnyView {
    let (line, column) = (error.place.line, error.place.column);
    let place = td_string!(locale, graph.line_column, line = line, column = column);
    let hint = error
        .hint
        .map(|hint| view! { <span class="editor__hint">" — " {hint}</span> });
    view! { <span class="editor__place">{place}</span> {error.message.clone()} {hint} }.into_any()
}

/// What an editor shows while its text differs from the executed one.
///
/// A draft belongs to the query that it began from: once another query is in the address, it is void.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Draft {
    pub(crate) from: Arc<str>,
    pub(crate) text: String,
}

impl Draft {
    /// The text to show above `executed`.
    pub(crate) fn over(draft: Option<&Self>, executed: &str) -> String {
        match draft {
            Some(draft) if *draft.from == *executed => draft.text.clone(),
            _ => executed.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_void_once_another_query_was_executed() {
        let draft = Draft {
            from: "up".into(),
            text: "up + 1".to_owned(),
        };
        assert_eq!(Draft::over(Some(&draft), "up"), "up + 1");
        assert_eq!(Draft::over(Some(&draft), "down"), "down");
        assert_eq!(Draft::over(None, "up"), "up");
    }

    #[test]
    fn an_empty_query_is_no_error() {
        assert_eq!(first_error("  \n"), None);
        assert!(first_error("sum(").is_some());
        assert_eq!(first_error("sum(up)"), None);
    }
}
