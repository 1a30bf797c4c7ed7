//! Tables of people and of what they have, and the lists to look through them.

use super::ask::{Asked, list_of, number_of};
use super::pages::{PAGE, Pages};
use app::components::{EmptyNotice, Glyph, Icon};
use app::state::encode;
use leptos::prelude::*;
use serde_json::Value;

/// A column of a table.
#[derive(Clone, Copy)]
pub(super) struct Column {
    name: Signal<&'static str>,
    class: &'static str,
    is_said: bool,
}

impl Column {
    pub(super) fn new(name: Signal<&'static str>) -> Self {
        Self {
            name,
            class: "",
            is_said: true,
        }
    }

    /// One that a narrow screen leaves out.
    pub(super) fn wide(name: Signal<&'static str>) -> Self {
        Self {
            class: "people__wide",
            ..Self::new(name)
        }
    }

    /// One of numbers.
    pub(super) fn number(name: Signal<&'static str>) -> Self {
        Self {
            class: "number",
            ..Self::new(name)
        }
    }

    /// One of buttons, whose name only those hear who do not see them.
    pub(super) fn buttons(name: Signal<&'static str>) -> Self {
        Self {
            is_said: false,
            ..Self::new(name)
        }
    }
}

/// A table with these rows.
pub(super) fn table(columns: &[Column], rows: Vec<AnyView>) -> AnyView {
    let head = |column: &Column| {
        let name = if column.is_said {
            view! { {column.name} }.into_any()
        } else {
            view! { <span class="visually-hidden">{column.name}</span> }.into_any()
        };
        view! { <th scope="col" class=column.class>{name}</th> }
    };
    view! {
        <div class="scroll-x">
            <table class="table">
                <thead><tr>{columns.iter().map(head).collect_view()}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// What a list says.
#[derive(Clone, Copy)]
pub(super) struct Words {
    /// What its search asks for.
    pub(super) find: Signal<&'static str>,
    /// What its button makes.
    pub(super) make: Signal<&'static str>,
    /// That nothing is found.
    pub(super) none: Signal<&'static str>,
    /// What then can be done.
    pub(super) none_text: Signal<&'static str>,
}

/// A list with a search, a page at a time, and a way to make one more.
#[component]
pub(super) fn Listing(
    /// The call that finds them.
    path: &'static str,
    /// Where they are in its answer.
    name: &'static str,
    words: Words,
    columns: Vec<Column>,
    /// The row of one of them.
    row: Callback<Value, AnyView>,
    /// Whether one is being made.
    making: RwSignal<bool>,
) -> impl IntoView {
    let find = RwSignal::new(String::new());
    let page = RwSignal::new(1_usize);
    let asked = Asked::new(move || {
        let find = find.with(|find| encode(find.trim()));
        let page = page.get();
        format!("{path}?perpage={PAGE}&page={page}&query={find}")
    });
    let title = Signal::derive(move || words.none.get().to_owned());
    let body = asked.show(move |answer| {
        let found = list_of(&answer, name);
        if found.is_empty() {
            return view! { <EmptyNotice title><p>{words.none_text}</p></EmptyNotice> }.into_any();
        }
        let total = usize::try_from(number_of(&answer, "totalCount")).unwrap_or(0);
        let rows = found.into_iter().map(|one| row.run(one)).collect();
        view! {
            <div class="card">{table(&columns, rows)}</div>
            <Pages page total/>
        }
        .into_any()
    });
    view! {
        <div class="filters">
            <input
                class="field"
                type="search"
                aria-label=move || words.find.get()
                placeholder=move || words.find.get()
                prop:value=move || find.get()
                on:input=move |event| {
                    find.set(event_target_value(&event));
                    page.set(1);
                }
            />
            <button type="button" class="button" data-kind="primary" on:click=move |_| making.set(true)>
                <Icon glyph=Glyph::Plus/>
                {words.make}
            </button>
        </div>
        {body}
    }
}
