//! The fields in which values of variables are chosen.

use super::Board;
use app::components::{Glyph, Icon};
use app::words::{t, t_string, use_i18n};
use dashboard::{ALL_VALUE, AdHocFilter, Choice, Hide, VariableKind, VariableValue};
use leptos::prelude::*;

/// Choices that a list shows at once; typing finds the others.
const SHOWN: usize = 200;

/// A variable with its name.
#[component]
pub(crate) fn VariableField(name: String, board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let id = format!("var-{name}");
    let key = name.clone();
    let value = Memo::new_with_compare(
        move |_| board.values.with(|values| values.get(&key).cloned()),
        |_, _| true,
    );
    let label = move || {
        value.with(|value| {
            let variable = value.as_ref().map(|value| &value.variable)?;
            let text = if variable.label.is_empty() {
                &variable.name
            } else {
                &variable.label
            };
            (variable.hide == Hide::Nothing).then(|| text.clone())
        })
    };
    let hint = move || {
        value.with(|value| {
            let text = value
                .as_ref()
                .map(|value| value.variable.description.clone());
            text.filter(|text| !text.is_empty())
        })
    };
    let of_error = name.clone();
    let error = move || {
        board
            .variable_errors
            .with(|errors| errors.get(&of_error).cloned())
    };
    let kind =
        value.with_untracked(|value| value.as_ref().map(|value| value.variable.kind.clone()));
    let field = match kind {
        Some(VariableKind::TextBox) => text_field(name.clone(), value, board),
        Some(VariableKind::AdHoc { .. }) => {
            view! { <Filters name=name.clone() value board/> }.into_any()
        }
        Some(VariableKind::Switch { on, off }) => {
            let (wanted, chosen) = (name.clone(), on.clone());
            let is_on = move || {
                value.with(|value| {
                    let selected = value.as_ref().and_then(|value| value.selected.first());
                    selected.is_some_and(|choice| choice.value == chosen)
                })
            };
            view! {
                <input type="checkbox" prop:checked=is_on on:change=move |event| {
                    let next = if event_target_checked(&event) { on.clone() } else { off.clone() };
                    board.choose(&wanted, &[next]);
                }/>
            }
            .into_any()
        }
        _ => view! { <Chooser name=name.clone() value board/> }.into_any(),
    };
    view! {
        <div class="variable" data-variable=id.clone()>
            {move || label().map(|label| view! { <span class="variable__name" title=hint()>{label}</span> })}
            {field}
            {move || error().map(|reason| view! {
                <span class="tile__note" data-kind="warning" title=reason.clone() role="note" aria-label=move || format!("{} {reason}", t_string!(i18n, shell.warning))>
                    <Icon glyph=Glyph::Alert/>
                </span>
            })}
        </div>
    }
}

fn text_field(name: String, value: Memo<Option<VariableValue>>, board: Board) -> AnyView {
    let text = move || {
        value.with(|value| {
            let selected = value.as_ref().and_then(|value| value.selected.first());
            selected
                .map(|choice| choice.value.clone())
                .unwrap_or_default()
        })
    };
    let label = name.clone();
    view! {
        <input class="field" aria-label=label prop:value=text on:change=move |event| {
            board.choose(&name, &[event_target_value(&event)]);
        }/>
    }
    .into_any()
}

/// A button that opens the list of choices.
#[component]
fn Chooser(name: String, value: Memo<Option<VariableValue>>, board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let chosen = move || {
        value.with(|value| {
            let Some(value) = value else {
                return String::new();
            };
            if value.is_all() {
                return t_string!(i18n, dashboards.all).to_owned();
            }
            let texts: Vec<&str> = value
                .selected
                .iter()
                .map(|choice| choice.text.as_str())
                .collect();
            texts.join(" + ")
        })
    };
    let label = name.clone();
    let name = StoredValue::new(name);
    view! {
        <div class="chooser">
            <button
                type="button"
                class="button chooser__now"
                aria-label=move || format!("{label}: {}", chosen())
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-haspopup="dialog"
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <span class="chooser__text">{move || match chosen() {
                    text if text.is_empty() => t_string!(i18n, dashboards.nothing_chosen).to_owned(),
                    text => text,
                }}</span>
                <Icon glyph=Glyph::Down/>
            </button>
            <Show when=move || open.get()>
                <List name=name.get_value() value board open/>
            </Show>
        </div>
    }
}

#[component]
fn List(
    name: String,
    value: Memo<Option<VariableValue>>,
    board: Board,
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let find = RwSignal::new(String::new());
    let field = NodeRef::<leptos::html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            // A field that cannot have the focus can still be clicked.
            let _ = field.focus();
        }
    });
    let multi =
        value.with_untracked(|value| value.as_ref().is_some_and(|value| value.variable.multi));
    let name = StoredValue::new(name);
    let choose = move |picked: &str| {
        let mut now: Vec<String> = value.with_untracked(|value| {
            let selected = value.iter().flat_map(|value| &value.selected);
            selected.map(|choice| choice.value.clone()).collect()
        });
        if multi && picked != ALL_VALUE {
            now.retain(|value| value != ALL_VALUE);
            match now.iter().position(|value| value == picked) {
                Some(place) if now.len() > 1 => {
                    now.remove(place);
                }
                Some(_) => {}
                None => now.push(picked.to_owned()),
            }
        } else {
            now = vec![picked.to_owned()];
            open.set(false);
        }
        board.choose(&name.get_value(), &now);
    };
    let choices = Memo::new(move |_| {
        let wanted = find.get().trim().to_lowercase();
        value.with(|value| {
            let Some(value) = value else {
                return Vec::new();
            };
            let mut all: Vec<Choice> = Vec::new();
            if value.variable.include_all {
                all.push(Choice::new(t_string!(i18n, dashboards.all), ALL_VALUE));
            }
            all.extend(
                value
                    .options
                    .iter()
                    .filter(|choice| choice.value != ALL_VALUE)
                    .cloned(),
            );
            all.retain(|choice| choice.text.to_lowercase().contains(&wanted));
            all
        })
    });
    let lines = move || {
        let shown = choices.get().into_iter().take(SHOWN);
        shown
            .map(|choice| {
                let (of, picked) = (choice.value.clone(), choice.value);
                let is_chosen = move || {
                    value.with(|value| {
                        let selected = value.iter().flat_map(|value| &value.selected);
                        selected.into_iter().any(|choice| choice.value == of)
                    })
                };
                view! {
                    <li>
                        <button
                            type="button"
                            class="menu-line"
                            role=if multi { "menuitemcheckbox" } else { "menuitemradio" }
                            aria-checked=move || if is_chosen() { "true" } else { "false" }
                            on:click=move |_| choose(&picked)
                        >
                            {choice.text}
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    let key = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "Escape" => open.set(false),
        "Enter" if !event.is_composing() => {
            let typed = find.get_untracked();
            let first = choices
                .with_untracked(|choices| choices.first().map(|choice| choice.value.clone()));
            if let Some(first) = first.or_else(|| (!typed.is_empty()).then_some(typed)) {
                choose(&first);
            }
            event.prevent_default();
        }
        _ => {}
    };
    let more = move || choices.with(Vec::len).saturating_sub(SHOWN);
    view! {
        <div class="time-picker__veil" on:click=move |_| open.set(false)></div>
        <div class="chooser__box" role="dialog" aria-label=move || name.get_value() on:keydown=key>
            <input
                class="field"
                type="search"
                node_ref=field
                aria-label=move || t_string!(i18n, dashboards.find_value)
                placeholder=move || t_string!(i18n, dashboards.find_value)
                on:input=move |event| find.set(event_target_value(&event))
            />
            <ul class="chooser__list" role="menu">{lines}</ul>
            <Show when=move || more() != 0>
                <p class="form__note">{t!(i18n, dashboards.more_values, n = more)}</p>
            </Show>
            <Show when=move || choices.with(Vec::is_empty)>
                <p class="form__note">{t!(i18n, dashboards.no_values)}</p>
            </Show>
        </div>
    }
}

/// Filters of all queries: label, operator, value.
#[component]
fn Filters(name: String, value: Memo<Option<VariableValue>>, board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let draft = RwSignal::new(String::new());
    let name = StoredValue::new(name);
    let put = move |change: &dyn Fn(&mut Vec<AdHocFilter>)| {
        let mut values = (*board.values.get_untracked()).clone();
        if let Some(value) = values.get_mut(&name.get_value()) {
            change(&mut value.filters);
        }
        board.put_values(values, &name.get_value());
    };
    let add = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let text = draft.get_untracked();
        if let Some(filter) = filter_of(&text) {
            put(&move |filters| filters.push(filter.clone()));
            draft.set(String::new());
        }
    };
    let chips = move || {
        let filters = value.with(|value| value.as_ref().map(|value| value.filters.clone()));
        let filters = filters.unwrap_or_default().into_iter().enumerate();
        filters
            .map(|(index, filter)| {
                let text = format!("{} {} {}", filter.key, filter.operator, filter.value);
                let label = text.clone();
                view! {
                    <span class="badge">
                        {text}
                        <button type="button" class="button" data-kind="icon" aria-label=move || t_string!(i18n, dashboards.delete_named, name = label.clone())
                            on:click=move |_| put(&move |filters| { if index < filters.len() { filters.remove(index); } })>
                            <Icon glyph=Glyph::Cross/>
                        </button>
                    </span>
                }
            })
            .collect_view()
    };
    view! {
        {chips}
        <form on:submit=add>
            <input class="field" placeholder="label=value" aria-label=move || name.get_value() prop:value=move || draft.get() on:input=move |event| draft.set(event_target_value(&event))/>
        </form>
    }
}

/// A filter as it is typed: `job=api`, `job!~a.*`.
fn filter_of(text: &str) -> Option<AdHocFilter> {
    let at = text.find(['=', '!'])?;
    let (key, rest) = (text.get(..at)?.trim(), text.get(at..)?);
    let operator = ["=~", "!~", "!=", "="]
        .into_iter()
        .find(|operator| rest.starts_with(operator))?;
    let value = rest
        .get(operator.len()..)?
        .trim()
        .trim_matches('"')
        .to_owned();
    (!key.is_empty()).then(|| AdHocFilter {
        key: key.to_owned(),
        operator: operator.to_owned(),
        value,
        values: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_read_as_they_are_typed() {
        let read =
            |text: &str| filter_of(text).map(|f| format!("{}|{}|{}", f.key, f.operator, f.value));
        assert_eq!(read("job = \"api\"").as_deref(), Some("job|=|api"));
        assert_eq!(read("job!~a.*").as_deref(), Some("job|!~|a.*"));
        assert_eq!(read("=x"), None);
        assert_eq!(read("nothing"), None);
    }
}
