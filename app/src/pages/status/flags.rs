//! The flags that the server was started with.

use crate::components::EmptyNotice;
use crate::components::status::{SearchField, live_every};
use crate::site::at;
use crate::state::PageAddress;
use crate::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use leptos_meta::Title;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Flags change with a restart.
const SELDOM: Duration = Duration::from_mins(1);

type Flags = BTreeMap<String, String>;

/// All flags with their values.
#[component]
pub fn FlagsPage() -> impl IntoView {
    let i18n = use_i18n();
    let address = PageAddress::new("/flags", &["search", "sort"]);
    let path = Signal::stored("/api/v1/status/flags".to_owned());
    view! {
        <Title text=move || t_string!(i18n, flags.title)/>
        <div class="page-head">
            <h1 class="page-head__title">{t!(i18n, flags.title)}</h1>
        </div>
        <div class="filters">
            <SearchField
                address
                label=Signal::derive(move || t_string!(i18n, flags.search).to_owned())
                keeps=&["sort"]
            />
        </div>
        {live_every::<Flags>(SELDOM, path, "table", move |flags| view! { <List flags address/> }.into_any())}
    }
}

/// The flags in which every word of `search` is, by name or by value.
fn choose(flags: &Flags, search: &str, by_value: bool) -> Vec<(String, String)> {
    let search = search.to_lowercase();
    let finds = |name: &str, value: &str| {
        let text = format!("--{name}={value}").to_lowercase();
        search.split_whitespace().all(|word| text.contains(word))
    };
    let chosen = flags.iter().filter(|(name, value)| finds(name, value));
    let mut chosen: Vec<_> = chosen
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if by_value {
        chosen.sort_by(|a, b| a.1.cmp(&b.1));
    }
    chosen
}

#[component]
fn List(flags: Signal<Arc<Flags>>, address: PageAddress) -> impl IntoView {
    let i18n = use_i18n();
    let by_value = move || address.get("sort") == "value";
    let chosen =
        Memo::new(move |_| flags.with(|flags| choose(flags, &address.get("search"), by_value())));
    let sorted = move |is: bool| if is { "ascending" } else { "none" };
    let row = |(name, value): (String, String)| {
        view! {
            <tr>
                <th scope="row"><code>{format!("--{name}")}</code></th>
                <td><code class="wrap">{value}</code></td>
            </tr>
        }
    };
    view! {
        <Show
            when=move || !chosen.with(Vec::is_empty)
            fallback=move || view! {
                <EmptyNotice title=Signal::derive(move || t_string!(i18n, status.nothing).to_owned())>
                    <a href=at("/flags")>{t!(i18n, flags.all)}</a>
                </EmptyNotice>
            }
        >
            <section class="card">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col" aria-sort=move || sorted(!by_value())>
                                <a href=address.with(&[("sort", "")])>{t!(i18n, flags.flag)}</a>
                            </th>
                            <th scope="col" aria-sort=move || sorted(by_value())>
                                <a href=address.with(&[("sort", "value")])>{t!(i18n, status.value)}</a>
                            </th>
                        </tr>
                    </thead>
                    <tbody>{move || chosen.get().into_iter().map(row).collect_view()}</tbody>
                </table>
            </section>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_found_by_name_and_value() {
        let flags: Flags = [("web.enable-lifecycle", "true"), ("storage.path", "/data")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        assert_eq!(choose(&flags, "--WEB", false).len(), 1);
        assert_eq!(choose(&flags, "data storage", false).len(), 1);
        assert!(choose(&flags, "nothing", false).is_empty());
        assert_eq!(choose(&flags, "", true)[0].1, "/data");
    }
}
