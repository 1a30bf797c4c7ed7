//! Rules between their shapes: in the metadata, in forms, as they run.

use super::error::FormError;
use api_types::{RuleFault, RuleFields, STORED_RULES, StoredRule};
use metadata::access::{Policy, Principal, Role};
use metadata::{Metadata, Rule, RuleGroup, Visible};
use model::DurationMs;
use promql_syntax::ParseOptions;
use rules::{Field, FieldFault, GroupDefinition, RuleFile, WrittenGroup, WrittenKind, WrittenRule};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

/// The rules of the metadata as groups that can run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StoredGroups {
    /// One "file" for each folder: `metadata`, and `metadata/` with its title.
    pub files: Vec<RuleFile>,
    /// Why a rule does not run, by its uid. Ordering: by uid.
    pub problems: BTreeMap<String, String>,
}

/// Reads all rules of the metadata. Those that are paused are left out, and so are those that are none with
/// the options of this start.
///
/// # Errors
/// [`metadata::Error::Database`].
pub async fn stored_groups(
    metadata: &Metadata,
    options: ParseOptions,
) -> metadata::Result<StoredGroups> {
    let visible = everything(metadata).await?;
    let groups = metadata.rules().groups(&visible).await?;
    let names = file_names(&groups);
    let mut stored = StoredGroups::default();
    let mut of_group: HashMap<(Option<String>, String), Vec<_>> = HashMap::new();
    for rule in metadata.rules().list(&visible).await? {
        if rule.fields.paused {
            continue;
        }
        match written_rule(&rule).check(options) {
            Ok(definition) => {
                let group = (rule.folder, rule.group);
                of_group.entry(group).or_default().push(definition);
            }
            Err(faults) => {
                let all: Vec<String> = faults.iter().map(ToString::to_string).collect();
                stored.problems.insert(rule.uid, all.join("; "));
            }
        }
    }
    let mut files: BTreeMap<String, Vec<GroupDefinition>> = BTreeMap::new();
    for group in groups {
        let rules = of_group.remove(&(group.folder.clone(), group.name.clone()));
        let Some(rules) = rules else { continue };
        let file = names.get(&group.folder).cloned().unwrap_or_default();
        files.entry(file).or_default().push(GroupDefinition {
            name: group.name,
            interval: group.settings.interval,
            query_offset: group.settings.query_offset,
            limit: usize::try_from(group.settings.limit).unwrap_or(0),
            rules,
        });
    }
    let files = files.into_iter();
    stored.files = files
        .map(|(path, groups)| RuleFile { path, groups })
        .collect();
    Ok(stored)
}

/// What the server itself sees: all.
async fn everything(metadata: &Metadata) -> metadata::Result<Visible> {
    let server = Principal::ServiceAccount {
        id: 0,
        name: "rules".to_owned(),
        role: Role::Admin,
    };
    let folders = metadata.folders();
    folders.visible(Policy::default(), &server).await
}

/// Whether a file's name is one of those that rules of the metadata have. (A rule file beside the
/// configuration may be in a folder of that name.)
pub(crate) fn is_stored(file: &str) -> bool {
    let is_file = || {
        let ending = Path::new(file).extension();
        ending.is_some_and(|ending| ["yml", "yaml", "json"].iter().any(|one| ending == *one))
    };
    let rest = file.strip_prefix(STORED_RULES);
    rest.is_some_and(|rest| rest.is_empty() || (rest.starts_with('/') && !is_file()))
}

/// The "files" of all folders that have groups, and whether their rules may be seen by whoever sees `visible`.
pub(crate) async fn stored_files(
    metadata: &Metadata,
    visible: &Visible,
) -> metadata::Result<HashMap<String, bool>> {
    let rules = metadata.rules();
    let all = rules.groups(&everything(metadata).await?).await?;
    let seen = rules.groups(visible).await?;
    let seen: HashSet<Option<String>> = seen.into_iter().map(|group| group.folder).collect();
    let names = file_names(&all).into_iter();
    Ok(names
        .map(|(folder, name)| (name, seen.contains(&folder)))
        .collect())
}

/// What the "file" of each folder is called: by its title, and its uid where two have the same.
pub(super) fn file_names(groups: &[RuleGroup]) -> HashMap<Option<String>, String> {
    let mut names = HashMap::new();
    let mut taken: HashMap<String, Option<String>> = HashMap::new();
    for group in groups {
        if names.contains_key(&group.folder) {
            continue;
        }
        let plain = match &group.folder_title {
            Some(title) => format!("{STORED_RULES}/{title}"),
            None => STORED_RULES.to_owned(),
        };
        let name = if taken.contains_key(&plain) {
            let uid = group.folder.clone().unwrap_or_default();
            format!("{plain} ({uid})")
        } else {
            plain
        };
        taken.insert(name.clone(), group.folder.clone());
        names.insert(group.folder.clone(), name);
    }
    names
}

/// A length of time as it is written; nothing for none.
fn time(time: DurationMs) -> String {
    if time.0 == 0 {
        return String::new();
    }
    time.to_string()
}

pub(super) fn written_rule(rule: &Rule) -> WrittenRule {
    let fields = &rule.fields;
    WrittenRule {
        kind: match fields.kind {
            metadata::RuleKind::Record => WrittenKind::Record,
            metadata::RuleKind::Alert => WrittenKind::Alert,
        },
        name: fields.name.clone(),
        expr: fields.expr.clone(),
        hold: time(fields.hold),
        keep_firing_for: time(fields.keep_firing_for),
        labels: fields.labels.clone(),
        annotations: fields.annotations.clone(),
    }
}

pub(super) fn written_group(group: &RuleGroup, rules: Vec<WrittenRule>) -> WrittenGroup {
    let some = |length: Option<DurationMs>| length.map(|length| length.to_string());
    WrittenGroup {
        name: group.name.clone(),
        interval: some(group.settings.interval).unwrap_or_default(),
        query_offset: some(group.settings.query_offset).unwrap_or_default(),
        limit: u64::from(group.settings.limit),
        labels: BTreeMap::new(),
        rules,
    }
}

/// A written rule as a form shows it.
pub(super) fn form_fields(rule: &WrittenRule, paused: bool) -> RuleFields {
    RuleFields {
        kind: rule.kind.as_str().to_owned(),
        name: rule.name.clone(),
        expr: rule.expr.clone(),
        hold: rule.hold.clone(),
        keep_firing_for: rule.keep_firing_for.clone(),
        labels: rule.labels.clone().into_iter().collect(),
        annotations: rule.annotations.clone().into_iter().collect(),
        paused,
    }
}

/// What a form says, as a written rule.
pub(super) fn of_form(fields: &RuleFields) -> Result<WrittenRule, FormError> {
    let kind = match fields.kind.as_str() {
        "alert" | "" => WrittenKind::Alert,
        "record" => WrittenKind::Record,
        other => {
            let message = format!("kind of rule `{other}`: it is neither `alert` nor `record`");
            return Err(FormError::bad_request(message));
        }
    };
    let pairs = |pairs: &api_types::LabelMap| {
        let all = pairs.iter();
        all.map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    };
    Ok(WrittenRule {
        kind,
        name: fields.name.trim().to_owned(),
        expr: fields.expr.clone(),
        hold: fields.hold.trim().to_owned(),
        keep_firing_for: fields.keep_firing_for.trim().to_owned(),
        labels: pairs(&fields.labels),
        annotations: pairs(&fields.annotations),
    })
}

/// What a form says, as the metadata keep it; refused with what is wrong at each field.
pub(super) fn checked_fields(
    fields: &RuleFields,
    options: ParseOptions,
) -> Result<metadata::RuleFields, FormError> {
    let written = of_form(fields)?;
    written
        .check(options)
        .map_err(|faults| FormError::Faults(form_faults(&faults)))?;
    let length = |text: &str| text.parse::<DurationMs>().unwrap_or_default();
    Ok(metadata::RuleFields {
        kind: match written.kind {
            WrittenKind::Record => metadata::RuleKind::Record,
            WrittenKind::Alert => metadata::RuleKind::Alert,
        },
        hold: length(&written.hold),
        keep_firing_for: length(&written.keep_firing_for),
        name: written.name,
        expr: written.expr.trim().to_owned(),
        labels: written.labels,
        annotations: written.annotations,
        paused: fields.paused,
    })
}

pub(super) fn form_faults(faults: &[FieldFault]) -> Vec<RuleFault> {
    let one = |fault: &FieldFault| RuleFault {
        field: match &fault.field {
            Field::Name => "name".to_owned(),
            Field::Expr => "expr".to_owned(),
            Field::For => "for".to_owned(),
            Field::KeepFiringFor => "keep_firing_for".to_owned(),
            Field::Label(name) => format!("labels.{name}"),
            Field::Annotation(name) => format!("annotations.{name}"),
            Field::Annotations => "annotations".to_owned(),
        },
        span: fault.span.clone().map(|span| (span.start, span.end)),
        message: fault.message.clone(),
        hint: fault.hint.map(str::to_owned),
    };
    faults.iter().map(one).collect()
}

/// A rule of the metadata as a form shows it.
pub(super) fn stored_rule(rule: &Rule, may_edit: bool) -> StoredRule {
    StoredRule {
        uid: rule.uid.clone(),
        version: rule.version,
        folder: rule.folder.clone(),
        group: rule.group.clone(),
        rule: form_fields(&written_rule(rule), rule.fields.paused),
        updated: crate::time::format_time(rule.updated),
        updated_by: rule.updated_by.clone(),
        may_edit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use metadata::RuleGroupSettings;
    use model::TimestampMs;

    #[test]
    fn folders_of_the_same_title_have_files_of_their_own() {
        let group = |folder: Option<&str>, title: Option<&str>| RuleGroup {
            id: 1,
            folder: folder.map(str::to_owned),
            folder_title: title.map(str::to_owned),
            name: "g".into(),
            settings: RuleGroupSettings::default(),
            rules: 1,
            version: 1,
            updated: TimestampMs(0),
            updated_by: String::new(),
        };
        let groups = [
            group(None, None),
            group(Some("u1"), Some("Ops")),
            group(Some("u2"), Some("Ops")),
            group(Some("u1"), Some("Ops")),
        ];
        let names = file_names(&groups);
        assert_eq!(names[&None], "metadata");
        assert_eq!(names[&Some("u1".into())], "metadata/Ops");
        assert_eq!(names[&Some("u2".into())], "metadata/Ops (u2)");
    }

    #[test]
    fn rules_of_the_metadata_are_told_from_those_of_files_by_their_names() {
        for stored in [
            "metadata",
            "metadata/Ops",
            "metadata/Ops (u2)",
            "metadata/v1.2",
        ] {
            assert!(is_stored(stored), "{stored}");
        }
        for file in [
            "metadata/rules.yml",
            "metadata.yml",
            "/etc/metadata/a.yaml",
            "rules.yml",
        ] {
            assert!(!is_stored(file), "{file}");
        }
    }

    #[test]
    fn a_form_comes_back_as_it_was() {
        let fields = RuleFields {
            kind: "alert".into(),
            name: "Down".into(),
            expr: "up == 0".into(),
            hold: "5m".into(),
            labels: [("severity".to_owned(), "page".to_owned())].into(),
            ..RuleFields::default()
        };
        assert_eq!(form_fields(&of_form(&fields).unwrap(), false), fields);
        let wrong = RuleFields {
            kind: "other".into(),
            ..fields
        };
        assert!(of_form(&wrong).is_err());
    }
}
