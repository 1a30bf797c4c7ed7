//! Who may do what with a dashboard: what its folder says.

use crate::board::Board;
use crate::people::FolderAccess;
use app::words::{t, use_i18n};
use leptos::prelude::*;

/// The permissions of the folder that a dashboard is in.
#[component]
pub(super) fn PermissionsTab(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let folder = Memo::new(move |_| board.meta.with(|meta| meta.folder.clone()));
    let is_in = Memo::new(move |_| !folder.with(String::is_empty));
    let title = move || board.meta.with(|meta| meta.folder_title.clone());
    move || {
        if is_in.get() {
            view! {
                <p class="form__note">{t!(i18n, boards.access_of_folder)} " " <strong>{title}</strong></p>
                <FolderAccess uid=folder/>
            }
            .into_any()
        } else {
            view! { <p class="form__note">{t!(i18n, boards.access_of_none)}</p> }.into_any()
        }
    }
}
