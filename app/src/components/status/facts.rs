//! Facts in two columns.

use leptos::prelude::*;

/// A fact: its name, and what it is now.
pub fn fact(
    name: impl IntoView + 'static,
    value: impl Fn() -> String + Send + Sync + 'static,
) -> AnyView {
    view! {
        <tr>
            <th scope="row">{name.into_any()}</th>
            <td>{value}</td>
        </tr>
    }
    .into_any()
}
