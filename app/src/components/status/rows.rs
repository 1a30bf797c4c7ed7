//! Lists whose entries stay in place while what they tell changes.

use leptos::prelude::*;

/// One view per entry, by `key`: an entry that changes keeps its elements, and with them what is open in
/// it and where the keyboard is. Keys must differ.
pub fn rows<T>(
    items: Memo<Vec<T>>,
    key: fn(&T) -> String,
    row: impl Fn(Memo<T>) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let keys = move || items.with(|items| items.iter().map(key).collect::<Vec<String>>());
    let find = move |wanted: &str| {
        items.with(|items| items.iter().find(|item| key(item) == wanted).cloned())
    };
    let child = move |name: String| {
        let first =
            items.with_untracked(|items| items.iter().find(|item| key(item) == name).cloned());
        first.map(|first| {
            let item = Memo::new(move |last: Option<&T>| {
                // An entry that is on its way out keeps what it had.
                let now = find(&name).or_else(|| last.cloned());
                now.unwrap_or_else(|| first.clone())
            });
            row(item)
        })
    };
    view! { <For each=keys key=Clone::clone children=child/> }.into_any()
}
