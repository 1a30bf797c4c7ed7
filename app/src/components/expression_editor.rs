//! Where a query is written.

use crate::components::suggestions::{
    Kind, Suggestion, byte_offset, suggest, utf16_offset, word_before,
};
use crate::data::{Latest, metric_names};
use leptos::html::Textarea;
use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;
use promql_syntax::ParseError;
use std::sync::Arc;
use std::time::Duration;
use wasm_bindgen::JsCast;

/// How long typing must rest before an error is told: half a query is always wrong.
const REST: Duration = Duration::from_millis(600);

/// The names of the server's metrics, asked for when an editor is first used.
#[derive(Clone, Copy)]
pub struct MetricNames(Latest<Vec<String>>);

impl MetricNames {
    /// Provides the names to all editors below.
    pub fn provide() {
        provide_context(Self(Latest::new()));
    }

    fn load(self) {
        let state = self.0.state.get_untracked();
        if state.loaded.is_none() && !state.busy {
            self.0.start(metric_names);
        }
    }

    fn suggest(self, word: &str) -> Vec<Suggestion> {
        let loaded = self.0.state.get().loaded;
        suggest(word, loaded.as_ref().map_or(&[], |loaded| &loaded.data))
    }
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

/// The popup: what is offered, and which of it is chosen.
#[derive(Debug, Clone, Default, PartialEq)]
struct Popup {
    /// Where the word is, in bytes.
    word: (usize, usize),
    offered: Vec<Suggestion>,
    chosen: Option<usize>,
}

/// A field for PromQL that grows with its text. Enter runs, Shift+Enter begins a line.
#[component]
pub fn ExpressionEditor(
    /// Name for those who do not see the field; also the stem of its parts' ids.
    #[prop(into)]
    label: Signal<String>,
    /// Unique on the page.
    id: String,
    /// The text.
    #[prop(into)]
    value: Signal<String>,
    /// Takes the text as it changes.
    on_input: Callback<String>,
    /// Runs the query.
    on_run: Callback<()>,
) -> impl IntoView {
    let input = NodeRef::<Textarea>::new();
    let names = expect_context::<MetricNames>();
    let popup = RwSignal::new(Popup::default());
    let settled = RwSignal::new(value.get_untracked());
    let error = Memo::new(move |_| {
        let text = value.get();
        // While typing goes on, an old error says nothing.
        (settled.get() == text || settled.with(String::is_empty))
            .then(|| first_error(&text))
            .flatten()
    });
    let mut settle = debounce(REST, move |text: String| {
        settled.try_set(text);
    });
    let accept = move |index: usize| {
        let now = popup.get_untracked();
        popup.set(Popup::default());
        let (Some(chosen), Some(input)) = (now.offered.get(index), input.get_untracked()) else {
            return;
        };
        let text = input.value();
        let (start, end) = now.word;
        let (Some(before), Some(after)) = (text.get(..start), text.get(end..)) else {
            return;
        };
        // A function is about to be called.
        let bracket = if chosen.kind == Kind::Function && !after.starts_with('(') {
            "("
        } else {
            ""
        };
        let new_text = format!("{before}{}{bracket}{after}", chosen.text);
        let caret = utf16_offset(&new_text, start + chosen.text.len() + bracket.len());
        input.set_value(&new_text);
        let caret = u32::try_from(caret).unwrap_or(u32::MAX);
        // A caret that cannot be set stays at the end of the text.
        let _ = input.set_selection_range(caret, caret);
        on_input.run(new_text);
    };
    let typed = move |event: web_sys::Event| {
        let text = event_target_value(&event);
        settle(text.clone());
        popup.set(offer(names, &text, input));
        on_input.run(text);
    };
    let key = move |event: web_sys::KeyboardEvent| {
        let open = popup.with_untracked(|p| !p.offered.is_empty());
        match event.key().as_str() {
            // Enter that ends a composition (한글, 漢字) belongs to it.
            _ if event.is_composing() => {}
            "ArrowDown" if open => step_choice(&event, popup, 1),
            "ArrowUp" if open => step_choice(&event, popup, -1),
            "Escape" if open => {
                event.prevent_default();
                popup.set(Popup::default());
            }
            "Tab" if open && !event.shift_key() => {
                event.prevent_default();
                accept(popup.with_untracked(|p| p.chosen).unwrap_or(0));
            }
            "Enter" if !event.shift_key() => {
                event.prevent_default();
                match popup.with_untracked(|p| p.chosen) {
                    Some(chosen) if open => accept(chosen),
                    _ => {
                        popup.set(Popup::default());
                        if let Some(input) = input.get_untracked() {
                            settled.set(input.value());
                        }
                        on_run.run(());
                    }
                }
            }
            _ => {}
        }
    };
    let (error_id, list_id) = (format!("{id}-error"), format!("{id}-list"));
    let described = error_id.clone();
    let active = {
        let list_id = list_id.clone();
        move || {
            popup
                .with(|p| p.chosen)
                .map(|chosen| format!("{list_id}-{chosen}"))
        }
    };
    view! {
        <div class="editor" data-invalid=move || error.get().is_some().then_some("true")>
            <div class="editor__grow">
                <pre class="editor__mirror" aria-hidden="true">
                    {move || mirror(&value.get(), error.get().as_ref())}
                </pre>
                <textarea
                    class="editor__input"
                    node_ref=input
                    id=id
                    rows="1"
                    role="combobox"
                    aria-label=move || label.get()
                    aria-describedby=described
                    aria-invalid=move || error.get().is_some().then_some("true")
                    aria-autocomplete="list"
                    aria-expanded=move || popup.with(|p| if p.offered.is_empty() { "false" } else { "true" })
                    aria-controls=list_id.clone()
                    aria-activedescendant=active
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    placeholder="Expression, such as rate(http_requests_total[5m])"
                    prop:value=move || value.get()
                    on:input=typed
                    on:keydown=key
                    on:focus=move |_| names.load()
                    on:blur=move |_| popup.set(Popup::default())
                >
                    {value.get_untracked()}
                </textarea>
            </div>
            <SuggestionList id=list_id popup accept=Callback::new(accept)/>
            <p class="editor__error" id=error_id role="status">
                {move || error.get().map(|error| error_line(&error))}
            </p>
        </div>
    }
}

#[component]
fn SuggestionList(id: String, popup: RwSignal<Popup>, accept: Callback<usize>) -> impl IntoView {
    let stem = id.clone();
    let items = move || {
        let now = popup.get();
        let chosen = now.chosen;
        let item = |(index, suggestion): (usize, Suggestion)| {
            let kind = match suggestion.kind {
                Kind::Metric => "metric",
                Kind::Function => "function",
            };
            view! {
                <li
                    class="suggest__item"
                    id=format!("{stem}-{index}")
                    role="option"
                    aria-selected=if chosen == Some(index) { "true" } else { "false" }
                    // Before the field loses the focus.
                    on:pointerdown=move |event| {
                        event.prevent_default();
                        accept.run(index);
                    }
                >
                    <span class="suggest__text">{suggestion.text}</span>
                    <span class="suggest__kind">{kind}</span>
                </li>
            }
        };
        now.offered.into_iter().enumerate().map(item).collect_view()
    };
    view! {
        <ul
            class="suggest"
            id=id
            role="listbox"
            aria-label="Suggestions"
            hidden=move || popup.with(|p| p.offered.is_empty())
        >
            {items}
        </ul>
    }
}

fn offer(names: MetricNames, text: &str, input: NodeRef<Textarea>) -> Popup {
    let caret = input
        .get_untracked()
        .and_then(|i| i.selection_start().ok().flatten())
        .unwrap_or(0);
    let caret = byte_offset(text, usize::try_from(caret).unwrap_or(usize::MAX));
    let Some(word) = word_before(text, caret) else {
        return Popup::default();
    };
    let offered = text
        .get(word.clone())
        .map(|w| untrack(|| names.suggest(w)))
        .unwrap_or_default();
    Popup {
        word: (word.start, word.end),
        offered,
        chosen: None,
    }
}

fn step_choice(event: &web_sys::KeyboardEvent, popup: RwSignal<Popup>, by: isize) {
    event.prevent_default();
    popup.update(|popup| {
        let count = popup.offered.len();
        popup.chosen = Some(match (popup.chosen, by) {
            (None, 1) => 0,
            (None | Some(0), _) if by < 0 => count.saturating_sub(1),
            (Some(chosen), _) => chosen.saturating_add_signed(by) % count.max(1),
            (None, _) => 0,
        });
    });
    scroll_to_choice();
}

/// Once the choice is drawn: brings it into view.
fn scroll_to_choice() {
    request_animation_frame(|| {
        let chosen = document()
            .query_selector(".suggest__item[aria-selected=true]")
            .ok()
            .flatten();
        if let Some(chosen) = chosen.and_then(|c| c.dyn_into::<web_sys::Element>().ok()) {
            chosen.scroll_into_view_with_bool(false);
        }
    });
}

/// The text again, under the field: it gives the field its height, and the error its underline.
fn mirror(text: &str, error: Option<&ParseError>) -> AnyView {
    let Some(span) = error.map(|e| e.span) else {
        return view! { {text.to_owned()} "\n" }.into_any();
    };
    let start = floor_boundary(text, span.start.min(text.len()));
    let end = floor_boundary(text, span.end.clamp(start, text.len()));
    let (before, rest) = text.split_at_checked(start).unwrap_or((text, ""));
    let (marked, after) = rest.split_at_checked(end - start).unwrap_or((rest, ""));
    // Something is missing here: a space to underline.
    let marked = if marked.trim().is_empty() {
        "\u{a0}"
    } else {
        marked
    };
    view! {
        {before.to_owned()}
        <mark class="editor__mark">{marked.to_owned()}</mark>
        {after.to_owned()}
        "\n"
    }
    .into_any()
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    while at > 0 && !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn error_line(error: &ParseError) -> AnyView {
    let place = format!("Line {}, column {}: ", error.place.line, error.place.column);
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
