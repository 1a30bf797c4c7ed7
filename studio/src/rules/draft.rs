//! What a form holds while it is filled in.

use super::condition::{Condition, OPS, join, split};
use api_types::RuleFields;
use leptos::prelude::*;

/// A label or an annotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair {
    /// Tells it from the others of the form.
    pub(super) id: u32,
    pub(super) name: RwSignal<String>,
    pub(super) value: RwSignal<String>,
}

/// Labels or annotations, in the order in which they were written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pairs {
    pub(super) all: RwSignal<Vec<Pair>>,
    next: StoredValue<u32>,
}

impl Pairs {
    fn new() -> Self {
        Self {
            all: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        }
    }

    pub(super) fn add(self, name: &str, value: &str) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        let pair = Pair {
            id,
            name: RwSignal::new(name.to_owned()),
            value: RwSignal::new(value.to_owned()),
        };
        self.all.update(|all| all.push(pair));
    }

    pub(super) fn remove(self, id: u32) {
        self.all.update(|all| all.retain(|pair| pair.id != id));
    }

    fn fill(self, pairs: &api_types::LabelMap) {
        self.all.set(Vec::new());
        for (name, value) in pairs {
            self.add(name, value);
        }
    }

    /// What is written, tracked; a pair without a name and a value is not there yet.
    fn written(self) -> api_types::LabelMap {
        let all = self.all.get();
        let pairs = all
            .iter()
            .map(|pair| (pair.name.get().trim().to_owned(), pair.value.get()));
        pairs
            .filter(|(name, value)| !name.is_empty() || !value.is_empty())
            .collect()
    }
}

/// Where a rule is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// In the metadata: in the folder of this uid, or in none.
    Folder(Option<String>),
    /// In this rule file.
    File(String),
}

impl Place {
    /// As the value of a choice.
    pub(super) fn code(&self) -> String {
        match self {
            Self::Folder(None) => "folder:".to_owned(),
            Self::Folder(Some(uid)) => format!("folder:{uid}"),
            Self::File(path) => format!("file:{path}"),
        }
    }

    pub(super) fn parse(code: &str) -> Self {
        match code.split_once(':') {
            Some(("file", path)) => Self::File(path.to_owned()),
            Some(("folder", uid)) if !uid.is_empty() => Self::Folder(Some(uid.to_owned())),
            _ => Self::Folder(None),
        }
    }
}

/// What a form holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draft {
    /// `alert` or `record`.
    pub(super) kind: RwSignal<String>,
    pub(super) name: RwSignal<String>,
    pub(super) query: RwSignal<String>,
    pub(super) op: RwSignal<String>,
    pub(super) threshold: RwSignal<String>,
    pub(super) hold: RwSignal<String>,
    pub(super) keep: RwSignal<String>,
    pub(super) labels: Pairs,
    pub(super) annotations: Pairs,
    pub(super) paused: RwSignal<bool>,
    pub(super) place: RwSignal<Place>,
    pub(super) group: RwSignal<String>,
}

impl Draft {
    pub(super) fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            kind: RwSignal::new("alert".to_owned()),
            name: text(),
            query: text(),
            op: text(),
            threshold: text(),
            hold: text(),
            keep: text(),
            labels: Pairs::new(),
            annotations: Pairs::new(),
            paused: RwSignal::new(false),
            place: RwSignal::new(Place::Folder(None)),
            group: text(),
        }
    }

    /// Whether an alert is written. Tracked.
    pub(super) fn is_alert(self) -> bool {
        self.kind.with(|kind| kind != "record")
    }

    /// Shows what a rule says.
    pub(super) fn fill(self, rule: &RuleFields) {
        let kind = if rule.kind == "record" {
            "record"
        } else {
            "alert"
        };
        self.kind.set(kind.to_owned());
        self.name.set(rule.name.clone());
        let condition = if kind == "alert" {
            split(&rule.expr)
        } else {
            Condition {
                query: rule.expr.trim().to_owned(),
                ..Condition::default()
            }
        };
        self.query.set(condition.query);
        self.op.set(condition.op);
        self.threshold.set(condition.threshold);
        self.hold.set(rule.hold.clone());
        self.keep.set(rule.keep_firing_for.clone());
        self.labels.fill(&rule.labels);
        self.annotations.fill(&rule.annotations);
        self.paused.set(rule.paused);
    }

    /// Shows what an address asks for, decoded.
    pub(super) fn fill_from(self, pairs: &[(String, String)]) {
        let text = |name: &str| {
            let found = pairs.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let named = |stem: &str| {
            let found = pairs.iter().filter_map(|(name, value)| {
                let name = name.strip_prefix(stem)?;
                (!name.is_empty()).then(|| (name.to_owned(), value.clone()))
            });
            found.collect::<api_types::LabelMap>()
        };
        self.fill(&RuleFields {
            kind: text("kind"),
            name: text("name"),
            expr: text("expr"),
            hold: text("for"),
            labels: named("label."),
            annotations: named("annotation."),
            ..RuleFields::default()
        });
        self.group.set(text("group"));
        let (op, threshold) = (text("op"), text("threshold"));
        // A condition of the expression itself is what somebody wrote.
        if OPS.contains(&op.as_str()) && self.op.with_untracked(String::is_empty) {
            self.op.set(op);
            self.threshold.set(threshold);
        }
    }

    /// The whole expression. Tracked.
    pub(super) fn expr(self) -> String {
        let query = self.query.get();
        if !self.is_alert() {
            return query.trim().to_owned();
        }
        join(&Condition {
            query,
            op: self.op.get(),
            threshold: self.threshold.get(),
        })
    }

    /// What the rule says. Tracked.
    pub(super) fn fields(self) -> RuleFields {
        let is_alert = self.is_alert();
        let of_alert = |text: RwSignal<String>| if is_alert { text.get() } else { String::new() };
        RuleFields {
            kind: self.kind.get(),
            name: self.name.get().trim().to_owned(),
            expr: self.expr(),
            hold: of_alert(self.hold).trim().to_owned(),
            keep_firing_for: of_alert(self.keep).trim().to_owned(),
            labels: self.labels.written(),
            annotations: if is_alert {
                self.annotations.written()
            } else {
                api_types::LabelMap::default()
            },
            paused: self.paused.get(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_from_their_codes() {
        for place in [
            Place::Folder(None),
            Place::Folder(Some("u:1".into())),
            Place::File("/etc/a:b.yml".into()),
        ] {
            assert_eq!(Place::parse(&place.code()), place);
        }
    }

    #[test]
    fn a_filled_form_says_what_the_rule_said() {
        let owner = Owner::new();
        owner.with(|| {
            let rule = RuleFields {
                kind: "alert".into(),
                name: "Slow".into(),
                expr: "rate(a[5m]) > 0.5".into(),
                hold: "5m".into(),
                labels: [("severity".to_owned(), "page".to_owned())].into(),
                annotations: [("summary".to_owned(), "{{ $value }}".to_owned())].into(),
                ..RuleFields::default()
            };
            let draft = Draft::new();
            draft.fill(&rule);
            assert_eq!(draft.threshold.get_untracked(), "0.5");
            assert_eq!(untrack(|| draft.fields()), rule);
            draft.kind.set("record".into());
            let record = untrack(|| draft.fields());
            assert!(record.hold.is_empty() && record.annotations.is_empty());
        });
    }

    #[test]
    fn an_address_fills_the_form_and_its_own_condition_stays() {
        let owner = Owner::new();
        owner.with(|| {
            let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            let draft = Draft::new();
            draft.fill_from(&[
                pair("expr", "a or b"),
                pair("op", ">"),
                pair("threshold", "2"),
                pair("label.severity", "page"),
                pair("annotation.summary", "s"),
                pair("annotation.", "x"),
            ]);
            let rule = untrack(|| draft.fields());
            assert_eq!(rule.expr, "(a or b) > 2");
            assert_eq!(rule.labels.len() + rule.annotations.len(), 2);
            draft.fill_from(&[
                pair("expr", "a < 5"),
                pair("op", ">"),
                pair("threshold", "2"),
            ]);
            assert_eq!(untrack(|| draft.expr()), "a < 5");
            draft.fill_from(&[pair("expr", "up"), pair("op", "; drop")]);
            assert_eq!(untrack(|| draft.expr()), "up");
        });
    }
}
