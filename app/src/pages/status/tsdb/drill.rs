//! From a name to the series behind it: per label, then per value.

use crate::components::ErrorNotice;
use crate::components::status::{Code, CopyButton, Expression, Language, graph_link};
use crate::data::{Latest, Moment, get, instant};
use crate::fmt;
use crate::state::{PageAddress, query_string};
use crate::words::{t, use_i18n};
use api_types::QueryData;
use leptos::prelude::*;

/// Values that are listed.
const LISTED: usize = 50;

/// What was picked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Pick {
    metric: String,
    label: String,
    value: String,
}

impl Pick {
    /// A selector of the series that were picked.
    fn selector(&self) -> String {
        let mut pairs: Vec<String> = Vec::new();
        if !self.metric.is_empty() {
            pairs.push(format!("__name__={}", fmt::quoted(&self.metric)));
        }
        if !self.label.is_empty() {
            let name = label_name(&self.label);
            pairs.push(if self.value.is_empty() {
                format!("{name}!=\"\"")
            } else {
                format!("{name}={}", fmt::quoted(&self.value))
            });
        }
        format!("{{{}}}", pairs.join(", "))
    }

    /// The label that series are counted by.
    fn by(&self) -> Option<String> {
        if self.label.is_empty() {
            // A metric alone: the list of its labels comes first.
            return None;
        }
        if self.value.is_empty() {
            return Some(label_name(&self.label));
        }
        self.metric.is_empty().then(|| "__name__".to_owned())
    }

    /// The part of a configuration that would drop these series when they are scraped.
    fn drop_rule(&self) -> String {
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for (name, value) in [
            ("__name__", &self.metric),
            (self.label.as_str(), &self.value),
        ] {
            if !name.is_empty() && !value.is_empty() {
                names.push(name);
                values.push(value.replace('\\', "\\\\").replace('.', "\\."));
            }
        }
        if self.value.is_empty() && self.metric.is_empty() {
            let label = &self.label;
            return format!("metric_relabel_configs:\n- action: labeldrop\n  regex: {label}\n");
        }
        format!(
            "metric_relabel_configs:\n- action: drop\n  source_labels: [{}]\n  regex: {}\n",
            names.join(", "),
            values.join(";"),
        )
    }
}

/// A label's name as an expression writes it.
fn label_name(name: &str) -> String {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    if is_plain {
        name.to_owned()
    } else {
        fmt::quoted(name)
    }
}

/// What was picked, its labels or values, and what would drop it; nothing until something is picked.
#[component]
pub(super) fn Drill(address: PageAddress) -> impl IntoView {
    let pick = Memo::new(move |_| Pick {
        metric: address.get("metric"),
        label: address.get("label"),
        value: address.get("value"),
    });
    let picked = move || {
        let pick = pick.get();
        (pick != Pick::default()).then(|| view! { <Picked pick address/> })
    };
    view! { <div class="drill" aria-live="polite">{picked}</div> }
}

#[component]
fn Picked(pick: Pick, address: PageAddress) -> impl IntoView {
    let i18n = use_i18n();
    let selector = pick.selector();
    let drop_rule = Signal::stored(pick.drop_rule());
    let title = match (
        pick.metric.as_str(),
        pick.label.as_str(),
        pick.value.as_str(),
    ) {
        (metric, "", _) => metric.to_owned(),
        ("", label, "") => label.to_owned(),
        ("", label, value) => format!("{label}={value}"),
        (metric, label, "") => format!("{metric} · {label}"),
        (metric, label, value) => format!("{metric} · {label}={value}"),
    };
    let total = Latest::<Moment>::new();
    let counted = format!("count({selector})");
    Effect::new(move |_| {
        let query = counted.clone();
        total.start(|signal| instant(query, None, signal));
    });
    let number = move || {
        total
            .state
            .with(|state| match &state.loaded.as_ref()?.data.result {
                QueryData::Vector(samples) => {
                    let count = samples
                        .first()
                        .map_or(0.0, |sample| sample.value.map_or(0.0, |pair| pair.value));
                    Some(fmt::value(count))
                }
                _ => None,
            })
    };
    let lists = match pick.by() {
        Some(by) => view! { <Values pick=pick.clone() by address/> }.into_any(),
        None => view! { <Labels pick=pick.clone() address/> }.into_any(),
    };
    view! {
        <section class="card" aria-labelledby="drill">
            <div class="card__head">
                <h2 class="card__title" id="drill">{title}</h2>
                <span class="card__note">
                    {move || number().map(|n| t!(i18n, tsdb.series_now, n = n))}
                </span>
                <span class="card__facts">
                    <a class="button" href=address.with(&[("metric", ""), ("label", ""), ("value", "")])>
                        {t!(i18n, shell.close)}
                    </a>
                </span>
            </div>
            <p class="card__line"><Expression text=selector/></p>
            {lists}
            <details class="card__line">
                <summary>{t!(i18n, tsdb.drop_rule)}</summary>
                <pre class="file" tabindex="0"><Code text=drop_rule language=Language::Yaml/></pre>
                <CopyButton text=drop_rule/>
            </details>
        </section>
    }
}

/// The labels of the picked series, each leading on.
#[component]
fn Labels(pick: Pick, address: PageAddress) -> impl IntoView {
    let i18n = use_i18n();
    let latest = Latest::<Vec<String>>::new();
    let path = format!(
        "/api/v1/labels?{}",
        query_string([("match[]", pick.selector().as_str())])
    );
    let path = StoredValue::new(path);
    let ask = move || {
        let path = path.get_value();
        latest.start(|signal| async move { get(&path, signal.as_ref()).await });
    };
    Effect::new(move |_| ask());
    let retry = Callback::new(move |()| ask());
    let metric = pick.metric.clone();
    let shown = move || {
        let state = latest.state.get();
        if let Some(error) = state.error {
            return Some(view! { <ErrorNotice error on_retry=retry/> }.into_any());
        }
        let names = state.loaded?.data.clone();
        let link = |name: String| {
            let href = address.with(&[("metric", &metric), ("label", &name), ("value", "")]);
            view! { <li><a class="plate" href=href>{name}</a></li> }
        };
        let names = names.into_iter().filter(|name| name != "__name__");
        let links: Vec<_> = names.map(link).collect();
        Some(
            view! {
                <p class="card__line">{t!(i18n, tsdb.count_by)}</p>
                <ul class="plates card__line">{links}</ul>
            }
            .into_any(),
        )
    };
    view! { {shown} }
}

/// How many of the picked series each value has.
#[component]
fn Values(pick: Pick, by: String, address: PageAddress) -> impl IntoView {
    let i18n = use_i18n();
    let latest = Latest::<Moment>::new();
    let query = format!("topk({LISTED}, count by ({by}) ({}))", pick.selector());
    let asked = query.clone();
    let ask = move || {
        let query = asked.clone();
        latest.start(|signal| instant(query, None, signal));
    };
    let again = ask.clone();
    Effect::new(move |_| ask());
    let retry = Callback::new(move |()| again());
    let is_metric = by == "__name__";
    let head = if is_metric {
        "__name__".to_owned()
    } else {
        pick.label.clone()
    };
    let shown = move || {
        let state = latest.state.get();
        if let Some(error) = state.error {
            return Some(view! { <ErrorNotice error on_retry=retry/> }.into_any());
        }
        let loaded = state.loaded?;
        let QueryData::Vector(samples) = &loaded.data.result else {
            return None;
        };
        let row = |sample: &api_types::VectorSample| {
            let value = sample.metric.values().next().cloned().unwrap_or_default();
            let href = if is_metric {
                address.with(&[
                    ("metric", &value),
                    ("label", &pick.label),
                    ("value", &pick.value),
                ])
            } else {
                address.with(&[
                    ("metric", &pick.metric),
                    ("label", &pick.label),
                    ("value", &value),
                ])
            };
            view! {
                <tr>
                    <th scope="row"><a href=href>{value}</a></th>
                    <td class="number">{fmt::value(sample.value.map_or(0.0, |pair| pair.value))}</td>
                </tr>
            }
        };
        let list: Vec<_> = samples.iter().map(row).collect();
        let is_cut = samples.len() == LISTED;
        Some(
            view! {
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{head.clone()}</th>
                            <th scope="col" class="number">{t!(i18n, tsdb.series)}</th>
                        </tr>
                    </thead>
                    <tbody>{list}</tbody>
                </table>
                {is_cut.then(|| t!(i18n, tsdb.first_values, n = LISTED))}
            }
            .into_any(),
        )
    };
    view! {
        {shown}
        <p class="card__line"><a href=graph_link(&query, "table")>{t!(i18n, status.open_graph)}</a></p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pick(metric: &str, label: &str, value: &str) -> Pick {
        Pick {
            metric: metric.to_owned(),
            label: label.to_owned(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn a_pick_selects_its_series_and_is_counted_by_the_next_name() {
        let metric = pick("up", "", "");
        assert_eq!(
            (metric.selector().as_str(), metric.by()),
            ("{__name__=\"up\"}", None)
        );
        let label = pick("up", "job", "");
        assert_eq!(label.selector(), "{__name__=\"up\", job!=\"\"}");
        assert_eq!(label.by().as_deref(), Some("job"));
        assert_eq!(pick("", "job", "a").by().as_deref(), Some("__name__"));
        assert_eq!(pick("", "a.b", "").selector(), "{\"a.b\"!=\"\"}");
    }

    #[test]
    fn the_rule_drops_what_was_picked() {
        assert!(
            pick("up", "job", "a.b")
                .drop_rule()
                .contains("[__name__, job]\n  regex: up;a\\.b")
        );
        assert!(pick("", "job", "").drop_rule().contains("labeldrop"));
    }
}
