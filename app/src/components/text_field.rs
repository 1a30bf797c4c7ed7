//! A small text input that takes effect when it is left or Enter is pressed.

use leptos::prelude::*;

/// A text input with a value from outside; what is typed goes out once, when it is done.
#[component]
pub fn TextField(
    /// Name for those who do not see the field.
    #[prop(into)]
    label: Signal<String>,
    /// The value; the field follows it.
    #[prop(into)]
    value: Signal<String>,
    /// Shown while the field is empty.
    #[prop(into, default = Signal::stored(String::new()))]
    placeholder: Signal<String>,
    /// Width in characters.
    width: u32,
    /// Takes what was typed; `false` says that it means nothing, and the field says so too.
    on_commit: Callback<String, bool>,
) -> impl IntoView {
    // What was typed and refused; forgotten when the value changes or something else is typed.
    let refused = RwSignal::new(None::<String>);
    let invalid = move || {
        value.track();
        refused.with(Option::is_some).then_some("true")
    };
    view! {
        <input
            type="text"
            class="field"
            aria-label=move || label.get()
            aria-invalid=invalid
            size=width
            autocomplete="off"
            spellcheck="false"
            placeholder=move || placeholder.get()
            prop:value=move || value.get()
            value=value.get_untracked()
            on:input=move |_| refused.set(None)
            on:change=move |event| {
                let text = event_target_value(&event).trim().to_owned();
                let accepted = on_commit.run(text.clone());
                refused.set((!accepted).then_some(text));
            }
        />
    }
}
