//! Vector matching in words and as a table.

use crate::components::notice::{ErrorNotice, Skeleton};
use crate::components::series_name::SeriesName;
use crate::data::{Answer, Latest, MatchGroup, instant, match_groups};
use crate::fmt;
use crate::state::PanelParams;
use crate::words::{Locale, t, t_string, td_string, use_i18n};
use api_types::{QueryData, VectorSample};
use leptos::prelude::*;
use promql_syntax::{BinaryOp, Cardinality, VectorMatching};

/// Groups and series of a group that are listed at once.
const GROUPS: usize = 100;
const SERIES: usize = 10;

#[component]
pub(super) fn Matches(
    matching: VectorMatching,
    op: BinaryOp,
    left: String,
    right: String,
    params: Signal<PanelParams>,
) -> impl IntoView {
    let i18n = use_i18n();
    let groups = Latest::<Vec<MatchGroup>>::new();
    let words = matching.clone();
    let asked = StoredValue::new((matching, left, right));
    let time = Memo::new(move |_| params.with(|p| p.moment.map(|ms| ms as f64 / 1e3)));
    let ask = move || {
        let (matching, left, right) = asked.get_value();
        let time = time.get_untracked();
        groups.start(move |signal| async move {
            let left = instant(left, time, signal.clone()).await?;
            let right = instant(right, time, signal).await?;
            let found = match_groups(
                &matching,
                vector(left.data.result),
                vector(right.data.result),
            );
            Ok(Answer {
                data: found,
                warnings: Vec::new(),
                infos: Vec::new(),
            })
        });
    };
    Effect::new(move |_| {
        time.track();
        ask();
    });
    let card = words.cardinality;
    let table = move || {
        let state = groups.state.get();
        if let Some(error) = state.error {
            let retry = Callback::new(move |()| ask());
            return view! { <ErrorNotice error on_retry=retry/> }.into_any();
        }
        match state.loaded {
            None => view! { <Skeleton shape="table"/> }.into_any(),
            Some(loaded) => group_table(&loaded.data, card, op),
        }
    };
    view! {
        <p class="plan__words">{move || in_words(&words, i18n.get_locale())}</p>
        {table}
    }
}

fn vector(data: QueryData) -> Vec<VectorSample> {
    match data {
        QueryData::Vector(samples) => samples,
        _ => Vec::new(),
    }
}

/// The rule of matching as sentences.
fn in_words(matching: &VectorMatching, locale: Locale) -> String {
    let labels = matching.labels.join(", ");
    let rule = match (matching.on, matching.labels.is_empty()) {
        (true, true) => td_string!(locale, graph.matches_on_none).to_owned(),
        (true, false) => td_string!(locale, graph.matches_on, labels = labels),
        (false, true) => td_string!(locale, graph.matches_all).to_owned(),
        (false, false) => td_string!(locale, graph.matches_ignoring, labels = labels),
    };
    let card = match matching.cardinality {
        Cardinality::OneToOne => td_string!(locale, graph.one_to_one),
        Cardinality::ManyToOne => td_string!(locale, graph.many_to_one),
        Cardinality::OneToMany => td_string!(locale, graph.one_to_many),
        Cardinality::ManyToMany => td_string!(locale, graph.many_to_many),
    };
    let mut text = format!("{rule} {card}");
    if !matching.include.is_empty() {
        text.push(' ');
        let labels = matching.include.join(", ");
        text.push_str(&td_string!(locale, graph.includes, labels = labels));
    }
    text
}

/// What becomes of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Paired,
    Alone,
    TooMany,
}

fn outcome(group: &MatchGroup, card: Cardinality) -> Outcome {
    if !group.is_whole() {
        return Outcome::Alone;
    }
    let (left, right) = (group.left.len() > 1, group.right.len() > 1);
    let too_many = match card {
        Cardinality::OneToOne => left || right,
        Cardinality::ManyToOne => right,
        Cardinality::OneToMany => left,
        Cardinality::ManyToMany => false,
    };
    if too_many {
        Outcome::TooMany
    } else {
        Outcome::Paired
    }
}

fn group_table(groups: &[MatchGroup], card: Cardinality, op: BinaryOp) -> AnyView {
    let i18n = use_i18n();
    // What needs attention first.
    let mut order: Vec<&MatchGroup> = groups.iter().collect();
    order.sort_by_key(|group| match outcome(group, card) {
        Outcome::TooMany => 0,
        Outcome::Alone => 1,
        Outcome::Paired => 2,
    });
    let total = groups.len();
    let rows = order.into_iter().take(GROUPS).map(|group| {
        let state = outcome(group, card);
        let (kind, word): (_, fn(Locale) -> &'static str) = match state {
            Outcome::Paired => ("up", |l| td_string!(l, graph.paired)),
            Outcome::Alone => ("unknown", |l| td_string!(l, graph.no_partner)),
            Outcome::TooMany => ("down", |l| td_string!(l, graph.too_many)),
        };
        view! {
            <tr>
                <td><SeriesName labels=group.labels.clone()/></td>
                <td>{side(&group.left)}</td>
                <td>{side(&group.right)}</td>
                <td><span class="badge" data-state=kind>{move || word(i18n.get_locale())}</span></td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="scroll-x">
            <table class="table plan__matches">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, graph.compared_labels)}</th>
                        <th scope="col">{t!(i18n, graph.left_side)}</th>
                        <th scope="col">{op.as_str()} " " {t!(i18n, graph.right_side)}</th>
                        <th scope="col">{t!(i18n, graph.outcome)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {(total > GROUPS).then(|| view! {
            <p class="more">
                {move || t_string!(i18n, graph.groups_first, shown = fmt::count(GROUPS), total = fmt::count(total))}
            </p>
        })}
    }
    .into_any()
}

/// The series of one side of a group.
fn side(samples: &[VectorSample]) -> AnyView {
    let i18n = use_i18n();
    let rest = samples.len().saturating_sub(SERIES);
    let items: Vec<_> = samples
        .iter()
        .take(SERIES)
        .map(|sample| {
            let value = sample.value.map(|pair| fmt::value(pair.value));
            view! {
                <li>
                    <SeriesName labels=sample.metric.clone()/>
                    " "
                    <span class="plan__value">{value}</span>
                </li>
            }
        })
        .collect();
    view! {
        <ul>{items}</ul>
        {(rest > 0).then(|| t!(i18n, graph.more_series, n = fmt::count(rest)))}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use promql_syntax::ExprKind;

    fn words(expr: &str) -> String {
        match promql_syntax::parse(expr).unwrap().kind {
            ExprKind::Binary(binary) => in_words(&binary.matching.unwrap(), Locale::en),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn matching_is_told_in_words() {
        assert!(words("a / on (job, instance) b").contains("job, instance"));
        assert!(words("a / ignoring (mode) group_left (env) b").contains("env"));
        assert!(words("a and b").contains("Sets"));
    }

    #[test]
    fn two_partners_are_too_many_for_one_to_one() {
        let sample = || VectorSample {
            metric: [("x".to_owned(), "1".to_owned())].into(),
            value: None,
            histogram: None,
        };
        let group = MatchGroup {
            left: vec![sample(), sample()],
            right: vec![sample()],
            ..MatchGroup::default()
        };
        assert_eq!(outcome(&group, Cardinality::OneToOne), Outcome::TooMany);
        assert_eq!(outcome(&group, Cardinality::ManyToOne), Outcome::Paired);
        assert_eq!(
            outcome(&MatchGroup::default(), Cardinality::OneToOne),
            Outcome::Alone
        );
    }
}
