//! Bodies and answers of `/api/watchfire/rules/...`: rules in forms.

use crate::LabelMap;
use serde::{Deserialize, Serialize};

/// What a rule says, every field as it is written. An empty text is a field that is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleFields {
    /// `alert` or `record`.
    pub kind: String,
    /// The name that it alerts or records under.
    pub name: String,
    /// The expression.
    pub expr: String,
    /// `for`.
    #[serde(rename = "for")]
    pub hold: String,
    /// `keep_firing_for`.
    pub keep_firing_for: String,
    /// `labels`.
    pub labels: LabelMap,
    /// `annotations`.
    pub annotations: LabelMap,
    /// Whether it is kept and not evaluated. Only of rules in the metadata.
    pub paused: bool,
}

/// Something that is wrong with a field of a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleFault {
    /// `name`, `expr`, `for`, `keep_firing_for`, `annotations`, or `labels.` and `annotations.` with a name.
    pub field: String,
    /// The part of the expression that it is about. Units: bytes.
    pub span: Option<(usize, usize)>,
    /// What is wrong, as `watchfire check rules` words it.
    pub message: String,
    /// What would help.
    pub hint: Option<String>,
}

/// Answer of `POST /api/watchfire/rules/check`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCheck {
    /// What is wrong.
    pub faults: Vec<RuleFault>,
    /// What is hardly meant.
    pub warnings: Vec<String>,
}

/// A rule of the metadata. Answer of `GET /api/watchfire/rules/rule/{uid}` and of a save.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRule {
    /// What it is called in addresses.
    pub uid: String,
    /// Grows by one with each change.
    pub version: i64,
    /// The uid of its folder.
    pub folder: Option<String>,
    /// The name of its group.
    pub group: String,
    /// What it says.
    pub rule: RuleFields,
    /// When it was last changed, in RFC 3339.
    pub updated: String,
    /// By whom.
    pub updated_by: String,
    /// Whether whoever asks may change it.
    pub may_edit: bool,
}

/// Body of `POST /api/watchfire/rules/rule` and `PUT /api/watchfire/rules/rule/{uid}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SaveRule {
    /// The uid of the folder; none is no folder.
    pub folder: Option<String>,
    /// The name of the group; made if it is not there.
    pub group: String,
    /// What the rule says.
    pub rule: RuleFields,
    /// The version that a change stands on.
    pub version: Option<i64>,
}

/// Body of `POST /api/watchfire/rules/rule/{uid}/move`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MoveRule {
    /// The uid of the folder; none is no folder.
    pub folder: Option<String>,
    /// The name of the group; made if it is not there.
    pub group: String,
    /// The version that the move stands on.
    pub version: i64,
}

/// Answer, with status 409, to a change that does not stand on what is there now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleConflict {
    /// What happened.
    pub message: String,
    /// What is there now; `None` for a file.
    pub current: Option<StoredRule>,
    /// What differs between what is there now and what was sent, as a unified diff of YAML.
    pub diff: String,
}

/// What groups of rules in the metadata have in place of a file, alone or with `/` and the title of their folder
/// behind it; also their [`FormGroup::origin`].
pub const STORED_RULES: &str = "metadata";

/// A group with its rules. Part of [`RuleTree`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormGroup {
    /// Its name.
    pub name: String,
    /// The file that it is from, or `metadata` with its folder, as in `/api/v1/rules`.
    pub file: String,
    /// [`STORED_RULES`] or `file`.
    pub origin: String,
    /// The uid of its folder in the metadata.
    pub folder: Option<String>,
    /// `interval`, if it says one.
    pub interval: String,
    /// `query_offset`, if it says one.
    pub query_offset: String,
    /// `limit`; 0 is none.
    pub limit: u64,
    /// The version of its settings in the metadata.
    pub version: Option<i64>,
    /// Whether whoever asks may change its rules.
    pub may_edit: bool,
    /// Its rules, in order.
    pub rules: Vec<FormRule>,
}

/// A rule in its group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormRule {
    /// What it is called in addresses, if it is in the metadata.
    pub uid: Option<String>,
    /// Its version there.
    pub version: Option<i64>,
    /// What it says.
    pub rule: RuleFields,
    /// Why it does not run although it is not paused; empty if it runs.
    pub problem: String,
}

/// A folder that rules may be put into.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleFolder {
    /// What it is called in addresses.
    pub uid: String,
    /// Its title.
    pub title: String,
    /// Whether whoever asks may put rules into it.
    pub may_edit: bool,
}

/// A rule file that runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleFileInfo {
    /// The file.
    pub path: String,
    /// Why it cannot be changed from here; empty if it can.
    pub why_not: String,
}

/// All rules that may be seen. Answer of `GET /api/watchfire/rules/groups`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleTree {
    /// Those of the metadata first.
    pub groups: Vec<FormGroup>,
    /// Folders of the metadata.
    pub folders: Vec<RuleFolder>,
    /// Rule files.
    pub files: Vec<RuleFileInfo>,
    /// Whether whoever asks may make rules outside of all folders.
    pub may_edit: bool,
    /// Whether whoever asks may change rule files.
    pub may_edit_files: bool,
}

/// A rule of a file. Answer of `GET /api/watchfire/rules/file`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRule {
    /// The file.
    pub file: String,
    /// The name of its group.
    pub group: String,
    /// Its number in the group, from 0.
    pub index: usize,
    /// What it says.
    pub rule: RuleFields,
    /// Names what the file says now.
    pub hash: String,
    /// Why the file cannot be changed from here; empty if it can.
    pub why_not: String,
    /// Whether whoever asks may change it.
    pub may_edit: bool,
}

/// A change of a rule file. Body of `POST /api/watchfire/rules/file/diff` and `PUT /api/watchfire/rules/file`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileChange {
    /// The file.
    pub file: String,
    /// The name of the group; a new rule makes it if it is not there.
    pub group: String,
    /// Which rule of the group; none adds one.
    pub index: Option<usize>,
    /// What the rule says; none takes it away.
    pub rule: Option<RuleFields>,
    /// What the file said when the form was opened; none to take it as it is, for a difference or a new rule.
    pub hash: String,
}

/// What a change of a rule file does. Answer to a [`FileChange`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDiff {
    /// A unified diff; empty where nothing changes.
    pub diff: String,
    /// Names what the file said before.
    pub hash: String,
    /// Names what it says afterwards.
    pub new_hash: String,
}

/// Body of `POST /api/watchfire/rules/preview`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PreviewQuery {
    /// What the rule says.
    #[serde(flatten)]
    pub rule: RuleFields,
    /// Where the past begins; seven days before its end if not given. Units: seconds since the epoch.
    pub start: Option<f64>,
    /// Where it ends; now if not given. Units: seconds since the epoch.
    pub end: Option<f64>,
    /// Distance of evaluations. Units: seconds.
    pub step: Option<f64>,
}

/// Answer of `POST /api/watchfire/rules/preview`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RulePreview {
    /// What is wrong with the rule. With a fault of the expression, all else is empty.
    pub faults: Vec<RuleFault>,
    /// What it matches now: the first of [`match_count`](Self::match_count).
    pub matches: Vec<PreviewMatch>,
    /// How many series it matches now.
    pub match_count: usize,
    /// Why an evaluation would fail; empty if it would not.
    pub failure: String,
    /// The past of each series, those that fired longest first: the first of
    /// [`series_count`](Self::series_count).
    pub series: Vec<PreviewSeries>,
    /// How many series were pending or firing.
    pub series_count: usize,
    /// The greatest state of all series over time.
    pub bands: Vec<PreviewInterval>,
    /// What it comes to.
    pub summary: PreviewSummary,
    /// Where the past begins. Units: seconds since the epoch.
    pub start: f64,
    /// Where it ends. Units: seconds since the epoch.
    pub end: f64,
    /// Distance of evaluations. Units: seconds.
    pub step: f64,
    /// Notes of the queries.
    pub notes: Vec<String>,
}

/// A series that a rule matches now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewMatch {
    /// Labels of the alert or of the recorded series.
    pub labels: LabelMap,
    /// Annotations, expanded.
    pub annotations: LabelMap,
    /// The value as text.
    pub value: String,
}

/// The past of a series.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PreviewSeries {
    /// Its labels.
    pub labels: LabelMap,
    /// When it was not inactive.
    pub intervals: Vec<PreviewInterval>,
}

/// A stretch of time. Units: seconds since the epoch.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PreviewInterval {
    /// `pending` or `firing`.
    pub state: String,
    /// When it begins.
    pub start: f64,
    /// When it ends, or the end of the range.
    pub end: f64,
    /// Whether it goes on beyond the range.
    pub goes_on: bool,
}

/// What the past of a rule comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct PreviewSummary {
    /// How often an alert fired.
    pub fired: usize,
    /// How often one was pending and did not fire.
    pub only_pending: usize,
    /// The longest that one fired. Units: seconds.
    pub longest: f64,
    /// How often one fired and was resolved within five minutes.
    pub resolved_soon: usize,
    /// How many fire at the end.
    pub still_firing: usize,
}

/// Body of `PUT /api/watchfire/rules/group`: the settings of a group in the metadata.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupSettings {
    /// The uid of its folder; none is no folder.
    pub folder: Option<String>,
    /// Its name.
    pub group: String,
    /// `interval`; empty is the server's.
    pub interval: String,
    /// `query_offset`; empty is the server's.
    pub query_offset: String,
    /// `limit`; 0 is none.
    pub limit: u32,
    /// The version that the change stands on.
    pub version: Option<i64>,
}

/// Body of `POST /api/watchfire/rules/group/move`: another folder or name for a group in the metadata.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MoveGroup {
    /// The uid of the folder that it is in; none is no folder.
    pub folder: Option<String>,
    /// Its name.
    pub group: String,
    /// The uid of the folder that it goes to; none is no folder.
    pub new_folder: Option<String>,
    /// Its new name; empty keeps the one that it has.
    pub new_group: String,
    /// The version that the move stands on.
    pub version: Option<i64>,
}

/// Body of `PUT /api/watchfire/rules/group/order`: the rules of a group in the metadata in their new order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrderGroup {
    /// The uid of its folder; none is no folder.
    pub folder: Option<String>,
    /// Its name.
    pub group: String,
    /// The uid of each of its rules, once.
    pub rules: Vec<String>,
    /// The version that the change stands on.
    pub version: Option<i64>,
}

/// What became of a group. Answer of the changes of groups.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangedGroup {
    /// Its version now.
    pub version: i64,
    /// The uid of its folder; none is no folder.
    pub folder: Option<String>,
    /// Its name.
    pub group: String,
}
