//! What is known about an answer: time, series, step, warnings and notes.

use super::Answers;
use crate::components::expression_editor::NotePlace;
use crate::components::notice::Hints;
use crate::fmt;
use crate::state::{Settings, Tab};
use crate::words::{t, t_string, use_i18n};
use api_types::QueryData;
use leptos::prelude::*;

/// Load time, series and step, as far as they are known; a way out of what takes long.
#[component]
pub(super) fn Facts(tab: Memo<Tab>, answers: Answers, busy: Memo<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let text = move || {
        let load = |elapsed| t_string!(i18n, graph.load, time = fmt::elapsed(elapsed));
        let series = |n: usize| t_string!(i18n, graph.series_count, n = fmt::count(n));
        match tab.get() {
            Tab::Table => answers.table.state.get().loaded.map(|loaded| {
                let n = match &loaded.data.result {
                    QueryData::Vector(samples) => samples.len(),
                    QueryData::Matrix(series) => series.len(),
                    QueryData::Scalar(_) | QueryData::String(_) => 1,
                };
                format!("{} · {}", load(loaded.elapsed), series(n))
            }),
            Tab::Graph => answers.chart.state.get().loaded.map(|loaded| {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "steps are far below the limit"
                )]
                let step = fmt::duration((loaded.data.step * 1e3) as i64);
                let step = t_string!(i18n, graph.step_fact, step = step);
                let series = series(loaded.data.series.len());
                format!("{} · {series} · {step}", load(loaded.elapsed))
            }),
            Tab::Explain => {
                let loaded = answers.explained.state.get().loaded;
                loaded.map(|loaded| load(loaded.elapsed))
            }
        }
    };
    view! {
        <p class="panel__facts" role="status">
            <Show when=move || busy.get()>
                <button
                    type="button"
                    class="button panel__cancel"
                    data-kind="quiet"
                    on:click=move |_| answers.cancel()
                >
                    {t!(i18n, graph.cancel_slow)}
                </button>
            </Show>
            {text}
        </p>
    }
}

/// Warnings and notes of the shown answer, as far as the settings show them.
#[derive(Clone, Copy)]
pub(super) struct Notes {
    texts: Memo<(Vec<String>, Vec<String>)>,
    pub(super) placed: Memo<Vec<NotePlace>>,
}

impl Notes {
    pub(super) fn of(tab: Memo<Tab>, answers: Answers) -> Self {
        let settings = expect_context::<Settings>();
        let texts = Memo::new(move |_| {
            let (mut warnings, mut infos) = match tab.get() {
                Tab::Table => notes_of(answers.table.state),
                Tab::Graph => notes_of(answers.chart.state),
                Tab::Explain => notes_of(answers.explained.state),
            };
            if !settings.warnings.get() {
                warnings.clear();
            }
            if !settings.infos.get() {
                infos.clear();
            }
            (warnings, infos)
        });
        let placed = Memo::new(move |_| {
            texts.with(|(warnings, infos)| {
                let place = |is_warning| {
                    move |text: &String| {
                        let (line, column) = place_in(text)?;
                        Some(NotePlace {
                            line,
                            column,
                            is_warning,
                        })
                    }
                };
                let warnings = warnings.iter().filter_map(place(true));
                warnings
                    .chain(infos.iter().filter_map(place(false)))
                    .collect()
            })
        });
        Self { texts, placed }
    }

    /// The lines under the expression.
    pub(super) fn list(self) -> impl IntoView {
        move || {
            let (warnings, infos) = self.texts.get();
            view! { <Hints warnings infos/> }
        }
    }
}

fn notes_of<T: Send + Sync + 'static>(
    state: RwSignal<crate::data::LoadState<T>>,
) -> (Vec<String>, Vec<String>) {
    state.with(|state| {
        state
            .loaded
            .as_ref()
            .map_or_else(Default::default, |loaded| {
                (loaded.warnings.clone(), loaded.infos.clone())
            })
    })
}

/// The line and column at the end of a note, as in `... (1:6)`.
fn place_in(text: &str) -> Option<(usize, usize)> {
    let inside = text.trim_end().strip_suffix(')')?;
    let (line, column) = inside.rsplit_once('(')?.1.split_once(':')?;
    Some((line.parse().ok()?, column.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_tell_their_place_at_the_end() {
        assert_eq!(
            place_in(r#"name does not end in _total: "x" (1:6)"#),
            Some((1, 6))
        );
        assert_eq!(place_in("no place (at all)"), None);
        assert_eq!(place_in("none"), None);
    }
}
