//! Forms that are written as lists of their fields.

use super::fields::left_out;
use super::fields::{CheckField, ChoiceField, ListField, NumberField, Path, TextField};
use super::part::Part;
use app::components::{Glyph, Icon};
use app::words::{Locale, t, t_string, use_i18n};
use leptos::prelude::*;
use serde_json::Value;

/// A word of the form, in a language.
pub(crate) type Word = fn(Locale) -> &'static str;

/// A word for [`Item`].
macro_rules! word {
    ($($key:tt)+) => {
        |locale: app::words::Locale| app::words::td_string!(locale, $($key)+)
    };
}
pub(crate) use word;

/// How a value that is more than a text is written as one.
#[derive(Clone, Copy)]
pub(crate) struct Code {
    /// The text of the value.
    pub(crate) read: fn(Option<&Value>) -> String,
    /// The value of the text, and what was there before.
    pub(crate) write: fn(&str, Option<&Value>) -> Option<Value>,
    /// How many lines it has.
    pub(crate) lines: u32,
    /// An example.
    pub(crate) hint: &'static str,
}

/// What a field holds.
#[derive(Clone, Copy)]
enum Kind {
    /// A line of text, with an example.
    Text(&'static str),
    /// A number.
    Number,
    /// Yes or no, and what holds where nothing is said.
    Flag(bool),
    /// Texts with commas between them, with an example.
    List(&'static str),
    /// One of some words of the format.
    Choice(&'static [&'static str]),
    /// What is written as text.
    Coded(Code),
    /// A list of objects with these fields, and what a new one is.
    Rows(&'static [Item], fn() -> Value),
}

/// A field of a form.
#[derive(Clone, Copy)]
pub(crate) struct Item {
    label: Word,
    path: Path,
    kind: Kind,
    /// Where the value at a path must be one of these.
    only: Option<(Path, &'static [&'static str])>,
}

impl Item {
    /// A line of text, with an example.
    pub(crate) const fn text(label: Word, path: Path, hint: &'static str) -> Self {
        Self::new(label, path, Kind::Text(hint))
    }

    /// A number.
    pub(crate) const fn number(label: Word, path: Path) -> Self {
        Self::new(label, path, Kind::Number)
    }

    /// Yes or no, and what holds where nothing is said.
    pub(crate) const fn flag(label: Word, path: Path, usual: bool) -> Self {
        Self::new(label, path, Kind::Flag(usual))
    }

    /// Texts with commas between them, with an example.
    pub(crate) const fn list(label: Word, path: Path, hint: &'static str) -> Self {
        Self::new(label, path, Kind::List(hint))
    }

    /// One of some words of the format.
    pub(crate) const fn choice(label: Word, path: Path, choices: &'static [&'static str]) -> Self {
        Self::new(label, path, Kind::Choice(choices))
    }

    /// What is written as text.
    pub(crate) const fn coded(label: Word, path: Path, code: Code) -> Self {
        Self::new(label, path, Kind::Coded(code))
    }

    /// A list of objects with these fields, and what a new one is.
    pub(crate) const fn rows(
        label: Word,
        path: Path,
        items: &'static [Item],
        fresh: fn() -> Value,
    ) -> Self {
        Self::new(label, path, Kind::Rows(items, fresh))
    }

    const fn new(label: Word, path: Path, kind: Kind) -> Self {
        Self {
            label,
            path,
            kind,
            only: None,
        }
    }

    /// The same, shown where the value at `path` is one of `values`; an empty one stands for nothing.
    pub(crate) const fn only(self, path: Path, values: &'static [&'static str]) -> Self {
        Self {
            only: Some((path, values)),
            ..self
        }
    }
}

/// The fields of a form about a part of the document.
pub(crate) fn form(part: Part, items: &'static [Item]) -> AnyView {
    let one = |item: &'static Item| match item.only {
        None => field(part, item),
        Some((path, values)) => {
            let is_on = Memo::new(move |_| values.contains(&part.text(path).as_str()));
            (move || is_on.get().then(|| field(part, item))).into_any()
        }
    };
    let fields = items.iter().map(one).collect_view();
    view! { <div class="options__fields">{fields}</div> }.into_any()
}

fn field(part: Part, item: &'static Item) -> AnyView {
    let i18n = use_i18n();
    let of = move |word: Word| Signal::derive(move || word(i18n.get_locale()));
    let (path, label) = (item.path, of(item.label));
    match item.kind {
        Kind::Text(hint) => view! { <TextField part path label hint/> }.into_any(),
        Kind::Number => view! { <NumberField part path label/> }.into_any(),
        Kind::Flag(usual) => view! { <CheckField part path label usual/> }.into_any(),
        Kind::List(hint) => view! { <ListField part path label hint/> }.into_any(),
        Kind::Choice(choices) => view! { <ChoiceField part path label choices/> }.into_any(),
        Kind::Coded(code) => view! { <CodedField part path label code/> }.into_any(),
        Kind::Rows(items, fresh) => view! { <Rows part path label items fresh/> }.into_any(),
    }
}

/// A value that is written as text.
#[component]
fn CodedField(part: Part, path: Path, label: Signal<&'static str>, code: Code) -> impl IntoView {
    let text = move || part.with(path, code.read);
    let take = move |event: web_sys::Event| {
        let written = event_target_value(&event);
        let value = untrack(|| part.with(path, |before| (code.write)(&written, before)));
        part.set(path, value);
    };
    let input = if code.lines > 1 {
        view! {
            <textarea class="field form__code" rows=code.lines spellcheck="false" placeholder=code.hint prop:value=text on:change=take></textarea>
        }
        .into_any()
    } else {
        view! { <input class="field" placeholder=code.hint prop:value=text on:change=take/> }
            .into_any()
    };
    view! {
        <label class="form__row" hidden=left_out(label)>
            <span>{label}</span>
            {input}
        </label>
    }
}

/// A list of objects.
#[component]
fn Rows(
    part: Part,
    path: Path,
    label: Signal<&'static str>,
    items: &'static [Item],
    fresh: fn() -> Value,
) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| part.count(path));
    let one = move |index: usize| {
        let own = part.inside(path).inside(&[&index.to_string()]);
        view! {
            <li class="rows__one">
                {form(own, items)}
                <button type="button" class="button" data-kind="icon" aria-label=move || t_string!(i18n, dashboards.remove)
                    on:click=move |_| part.change_list(path, |list| { if index < list.len() { list.remove(index); } })>
                    <Icon glyph=Glyph::Cross/>
                </button>
            </li>
        }
    };
    view! {
        <fieldset class="rows" hidden=left_out(label)>
            <legend>{label}</legend>
            <ul class="thresholds"><For each=move || 0..count.get() key=|index| *index children=one/></ul>
            <button type="button" class="button" on:click=move |_| part.change_list(path, |list| list.push(fresh()))>
                {t!(i18n, boards.add_line)}
            </button>
        </fieldset>
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// No field stands twice in a form, and the first word of a choice is a word.
    pub(in super::super) fn check(name: &str, items: &'static [Item]) {
        let mut seen = BTreeSet::new();
        for item in items {
            let (path, label) = (item.path.join("."), (item.label)(Locale::en));
            let only = item.only.map(|(path, values)| (path.join("."), values));
            assert!(seen.insert((path.clone(), label, only)), "{name}: {path}");
            assert!(!item.path.is_empty(), "{name}");
            for locale in [Locale::en, Locale::ko] {
                assert!(!(item.label)(locale).is_empty(), "{name}");
            }
            if let Kind::Rows(inner, fresh) = item.kind {
                check(name, inner);
                assert!(fresh().is_object(), "{name}");
            }
        }
    }
}
