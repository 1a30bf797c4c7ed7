//! Who may do what in a folder.

use super::ask::{Asked, list_of, number_of};
use super::deed::{Deed, Outcome};
use super::field::{Choice, Line};
use super::frame::{PeoplePage, Refused, Takes};
use crate::call::{is, text_of};
use app::components::{EmptyNotice, Glyph, Icon};
use app::data::use_me;
use app::state::encode;
use app::words::{Locale, t, t_string, td_string, use_i18n};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde_json::{Map, Value, json};

/// Whom a line is for: a role, a user or a team, each by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Subject {
    /// The field of the API: `role`, `userId`, `teamId`, or by name `userLogin`, `team`.
    field: &'static str,
    value: Value,
    name: String,
}

impl Subject {
    fn read(line: &Value) -> Self {
        let text = |name: &str| text_of(line, name).to_owned();
        let by_number = |field: &'static str, name: &str| Self {
            field,
            value: json!(number_of(line, field)),
            name: text(name),
        };
        if number_of(line, "userId") > 0 {
            by_number("userId", "userLogin")
        } else if number_of(line, "teamId") > 0 {
            by_number("teamId", "team")
        } else {
            Self::named("role", &text("role"))
        }
    }

    fn named(field: &'static str, name: &str) -> Self {
        Self {
            field,
            value: json!(name),
            name: name.to_owned(),
        }
    }
}

/// A line while it is edited.
#[derive(Clone)]
struct Draft {
    id: usize,
    subject: Subject,
    permission: RwSignal<String>,
}

/// The page of a folder's permissions.
#[component]
pub(crate) fn FolderAccessPage() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let uid =
        Memo::new(move |_| params.with(|params| encode(&params.get("uid").unwrap_or_default())));
    let folder = Asked::new(move || format!("/api/folders/{}", uid.get()));
    let name = move || {
        folder
            .ready()
            .map(|folder| text_of(&folder, "title").to_owned())
    };
    let title = Signal::derive(move || {
        t_string!(
            i18n,
            people.access_of,
            name = name().unwrap_or_else(|| "…".to_owned())
        )
    });
    view! {
        <PeoplePage title takes=Takes::Server above=("/dashboards", t!(i18n, shell.dashboards))>
            {access(folder, uid)}
        </PeoplePage>
    }
}

/// The permissions of a folder, for those who manage it.
fn access(folder: Asked, uid: Memo<String>) -> impl IntoView {
    folder.show(move |folder| {
        if is(&folder, "canAdmin") {
            let is_top = text_of(&folder, "parentUid").is_empty();
            view! { <Access uid=uid.get_untracked() is_top/> }.into_any()
        } else {
            view! { <Refused role="folder"/> }.into_any()
        }
    })
}

/// The permissions of a folder, in another page.
#[component]
pub(crate) fn FolderAccess(
    /// Its uid.
    #[prop(into)]
    uid: Signal<String>,
) -> impl IntoView {
    let uid = Memo::new(move |_| encode(&uid.get()));
    let folder = Asked::new(move || format!("/api/folders/{}", uid.get()));
    access(folder, uid)
}

#[component]
fn Access(uid: String, is_top: bool) -> impl IntoView {
    let path = StoredValue::new(format!("/api/folders/{uid}/permissions"));
    let asked = Asked::new(move || path.get_value());
    let deed = Deed::new();
    asked.show(move |lines| {
        view! { <Lines lines=list_of(&lines, "") path=path.get_value() is_top deed asked/> }
            .into_any()
    })
}

#[component]
fn Lines(lines: Vec<Value>, path: String, is_top: bool, deed: Deed, asked: Asked) -> impl IntoView {
    let i18n = use_i18n();
    let next = StoredValue::new(0_usize);
    let draft = move |subject: Subject, permission: i64| {
        next.update_value(|next| *next += 1);
        Draft {
            id: next.get_value(),
            subject,
            permission: RwSignal::new(permission.to_string()),
        }
    };
    // What holds around a folder cannot be changed in it; a folder that is in no other has nothing around it
    // but what holds where nothing is said.
    let (fixed, own): (Vec<_>, Vec<_>) = lines
        .iter()
        .partition(|line| !is_top && is(line, "inherited"));
    let fixed: Vec<(Subject, i64)> = fixed
        .iter()
        .map(|line| (Subject::read(line), number_of(line, "permission")))
        .collect();
    let own: Vec<Draft> = own
        .iter()
        .map(|line| draft(Subject::read(line), number_of(line, "permission")))
        .collect();
    let own = RwSignal::new(own);
    let save = move |_| {
        let items: Vec<Value> = own.with_untracked(|own| own.iter().map(item).collect());
        deed.run(
            "POST",
            path.clone(),
            Some(json!({"items": items})),
            move |_| {
                asked.again.run(());
            },
        );
    };
    let permissions = Signal::derive(move || permission_choices(i18n.get_locale()));
    let subject = move |subject: &Subject| {
        let (kind, name) = (subject.field, subject.name.clone());
        let words = move || match (kind, name.as_str()) {
            ("role", "Viewer") => t_string!(i18n, people.every_viewer).to_owned(),
            ("role", "Editor") => t_string!(i18n, people.every_editor).to_owned(),
            ("role", _) => t_string!(i18n, people.every_admin).to_owned(),
            ("teamId" | "team", name) => t_string!(i18n, people.the_team, name = name.to_owned()),
            (_, name) => name.to_owned(),
        };
        view! { <span class="people__name">{words}</span> }
    };
    let fixed_rows = fixed
        .into_iter()
        .map(|(who, permission)| {
            view! {
                <tr>
                    <th scope="row">{subject(&who)}</th>
                    <td>{move || permission_words(i18n.get_locale(), permission)}</td>
                    <td class="people__from">{t!(i18n, people.inherited)}</td>
                </tr>
            }
        })
        .collect_view();
    let row = move |line: Draft| {
        let value = line.permission;
        let name = StoredValue::new(line.subject.name.clone());
        let label = move || t_string!(i18n, people.permission_of, name = name.get_value());
        let remove = move || t_string!(i18n, people.remove_named, name = name.get_value());
        view! {
            <tr>
                <th scope="row">{subject(&line.subject)}</th>
                <td>
                    <select
                        class="field"
                        aria-label=label
                        on:change=move |event| {
                            deed.reset();
                            value.set(event_target_value(&event));
                        }
                    >
                        {move || permissions.get().into_iter().map(|(number, words)| {
                            let own = number.clone();
                            view! { <option value=number selected=move || value.with(|value| *value == own)>{words}</option> }
                        }).collect_view()}
                    </select>
                </td>
                <td class="people__end">
                    <button
                        type="button"
                        class="button"
                        data-kind="icon"
                        aria-label=remove
                        title=remove
                        on:click=move |_| {
                            deed.reset();
                            own.update(|own| own.retain(|other| other.id != line.id));
                        }
                    >
                        <Icon glyph=Glyph::Cross/>
                    </button>
                </td>
            </tr>
        }
    };
    let add = Callback::new(move |(who, permission): (Subject, i64)| {
        deed.reset();
        own.update(|own| {
            own.retain(|line| line.subject != who);
            own.push(draft(who, permission));
        });
    });
    view! {
        <p class="people__facts">{if is_top { t!(i18n, people.access_top) } else { t!(i18n, people.access_inner) }}</p>
        <section class="card" aria-labelledby="access">
            <div class="card__head"><h2 class="card__title" id="access">{t!(i18n, people.access)}</h2></div>
            <div class="scroll-x">
                <table class="table people__access">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, people.who)}</th>
                            <th scope="col">{t!(i18n, people.may)}</th>
                            <th scope="col"><span class="visually-hidden">{t!(i18n, people.remove)}</span></th>
                        </tr>
                    </thead>
                    <tbody>
                        <tr>
                            <th scope="row">{t!(i18n, people.every_admin)}</th>
                            <td>{move || permission_words(i18n.get_locale(), 4)}</td>
                            <td class="people__from">{t!(i18n, people.always)}</td>
                        </tr>
                        {fixed_rows}
                        <For each=move || own.get() key=|line| line.id children=row/>
                    </tbody>
                </table>
            </div>
            <Show when=move || own.with(Vec::is_empty) && is_top>
                <EmptyNotice title=Signal::derive(move || t_string!(i18n, people.only_admins).to_owned())>
                    <p>{t!(i18n, people.only_admins_text)}</p>
                </EmptyNotice>
            </Show>
            <div class="people__form">
                <Outcome deed says_saved=true/>
                <p class="people__buttons">
                    <button
                        type="button"
                        class="button"
                        data-kind="primary"
                        disabled=move || deed.busy.get()
                        on:click=save
                    >
                        {t!(i18n, people.save)}
                    </button>
                </p>
            </div>
        </section>
        <AddLine add/>
    }
}

/// What a permission lets somebody do.
fn permission_words(locale: Locale, number: i64) -> &'static str {
    match number {
        1 => td_string!(locale, people.may_view),
        2 => td_string!(locale, people.may_edit),
        _ => td_string!(locale, people.may_admin),
    }
}

/// All permissions, by their numbers.
fn permission_choices(locale: Locale) -> Vec<(String, String)> {
    let one = |number: i64| {
        (
            number.to_string(),
            permission_words(locale, number).to_owned(),
        )
    };
    [1, 2, 4].map(one).to_vec()
}

fn item(line: &Draft) -> Value {
    let number = line
        .permission
        .with_untracked(|text| text.parse::<i64>().unwrap_or(1));
    let fields = [
        (line.subject.field.to_owned(), line.subject.value.clone()),
        ("permission".to_owned(), json!(number)),
    ];
    Value::Object(Map::from_iter(fields))
}

#[component]
fn AddLine(add: Callback<(Subject, i64)>) -> impl IntoView {
    let i18n = use_i18n();
    let me = use_me();
    let kind = RwSignal::new("userLogin".to_owned());
    let name = RwSignal::new(String::new());
    let role = RwSignal::new("Viewer".to_owned());
    let permission = RwSignal::new("1".to_owned());
    let is_admin = me.with_untracked(|me| me.as_ref().is_some_and(|me| me.is_admin));
    // Only administrators may list people; others know whom they mean.
    let found = is_admin.then(|| {
        Asked::new(move || {
            let text = name.with(|name| encode(name.trim()));
            if kind.with(|kind| kind == "team") {
                format!("/api/teams/search?perpage=20&query={text}")
            } else {
                format!("/api/users/search?perpage=20&query={text}")
            }
        })
    });
    let suggestions = move || {
        let answer = found?.ready()?;
        let teams = list_of(&answer, "teams")
            .into_iter()
            .map(|team| text_of(&team, "name").to_owned());
        let users = list_of(&answer, "users")
            .into_iter()
            .map(|user| text_of(&user, "login").to_owned());
        Some(
            teams
                .chain(users)
                .map(|name| view! { <option value=name></option> })
                .collect_view(),
        )
    };
    let kinds = Signal::derive(move || {
        [
            ("userLogin", t_string!(i18n, people.user)),
            ("team", t_string!(i18n, people.team)),
            ("role", t_string!(i18n, people.role)),
        ]
        .map(|(value, words)| (value.to_owned(), words.to_owned()))
        .to_vec()
    });
    let roles = Signal::derive(move || {
        [
            ("Viewer", t_string!(i18n, people.every_viewer)),
            ("Editor", t_string!(i18n, people.every_editor)),
        ]
        .map(|(value, words)| (value.to_owned(), words.to_owned()))
        .to_vec()
    });
    let permissions = Signal::derive(move || permission_choices(i18n.get_locale()));
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let field = match kind.get_untracked().as_str() {
            "role" => "role",
            "team" => "team",
            _ => "userLogin",
        };
        let who = if field == "role" {
            role.get_untracked()
        } else {
            name.get_untracked()
        };
        let who = who.trim();
        if !who.is_empty() {
            let number = permission.with_untracked(|text| text.parse::<i64>().unwrap_or(1));
            add.run((Subject::named(field, who), number));
            name.set(String::new());
        }
    };
    view! {
        <section class="card" aria-labelledby="add-line">
            <div class="card__head"><h2 class="card__title" id="add-line">{t!(i18n, people.add_access)}</h2></div>
            <form class="form people__form people__line-form" on:submit=submit autocomplete="off">
                <Choice label=t!(i18n, people.kind) value=kind options=kinds/>
                <Show
                    when=move || kind.with(|kind| kind == "role")
                    fallback=move || view! { <Line label=t!(i18n, people.who) value=name required=true list="access-found"/> }
                >
                    <Choice label=t!(i18n, people.who) value=role options=roles/>
                </Show>
                <datalist id="access-found">{suggestions}</datalist>
                <Choice label=t!(i18n, people.may) value=permission options=permissions/>
                <p class="people__buttons">
                    <button type="submit" class="button">{t!(i18n, people.add)}</button>
                </p>
            </form>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_by_number_and_sent_by_the_same() {
        let of = |line: Value| {
            let subject = Subject::read(&line);
            (subject.field, subject.value, subject.name)
        };
        assert_eq!(
            of(json!({"userId": 3, "userLogin": "ann"})),
            ("userId", json!(3), "ann".to_owned())
        );
        assert_eq!(
            of(json!({"teamId": 4, "team": "ops"})),
            ("teamId", json!(4), "ops".to_owned())
        );
        assert_eq!(
            of(json!({"role": "Viewer"})),
            ("role", json!("Viewer"), "Viewer".to_owned())
        );
    }
}
