//! A box above the page that takes the keyboard until it is closed.

use leptos::html;
use leptos::prelude::*;

/// A modal dialog; Escape and a click beside it close it. Its content exists while it is open.
#[component]
pub fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Name for those who do not see it.
    #[prop(into)]
    label: Signal<String>,
    /// What kind of box, for the style sheet.
    kind: &'static str,
    /// What is inside.
    children: ChildrenFn,
) -> impl IntoView {
    let element = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = element.get() else { return };
        if open.get() == dialog.open() {
            return;
        }
        if open.get_untracked() {
            // Without modal dialogs there would be no such element either.
            let _ = dialog.show_modal();
        } else {
            dialog.close();
        }
    });
    let beside = move |event: web_sys::MouseEvent| {
        // The backdrop belongs to the dialog; everything else in it is a child.
        let on_backdrop = event.target().as_ref() == event.current_target().as_ref();
        if on_backdrop {
            open.set(false);
        }
    };
    view! {
        <dialog
            class="dialog"
            data-kind=kind
            node_ref=element
            aria-label=move || label.get()
            on:close=move |_| {
                open.try_set(false);
            }
            on:click=beside
        >
            <Show when=move || open.get()>
                <div class="dialog__box">{children()}</div>
            </Show>
        </dialog>
    }
}
