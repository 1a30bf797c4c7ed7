//! The values at one moment.

use super::Answers;
use super::answers::is_empty;
use super::empty::{NothingAsked, WhyEmpty};
use crate::components::notice::{ErrorNotice, Skeleton};
use crate::components::result_table::ResultTable;
use crate::data::LoadState;
use crate::state::PanelParams;
use leptos::prelude::*;

#[component]
pub(super) fn TableResult(
    params: Signal<PanelParams>,
    answers: Answers,
    run: Callback<()>,
    on_change: Callback<PanelParams>,
    on_run: Callback<String>,
) -> impl IntoView {
    let asked = Memo::new(move |_| params.with(|p| !p.expr.trim().is_empty()));
    move || {
        if !asked.get() {
            return view! { <NothingAsked/> }.into_any();
        }
        let LoadState { loaded, error, .. } = answers.table.state.get();
        if let Some(error) = error {
            return view! { <ErrorNotice error on_retry=run/> }.into_any();
        }
        let Some(moment) = loaded else {
            return view! { <Skeleton shape="table"/> }.into_any();
        };
        if is_empty(&moment.data.result) {
            return view! { <WhyEmpty params answers on_change on_run/> }.into_any();
        }
        view! { <div class="scroll-x"><ResultTable moment/></div> }.into_any()
    }
}
