//! Data shapes of the HTTP API, shared by the server and the browser.
//!
//! Deliberately not here: engine types (conversions live in `api`) and the writer of query results,
//! which streams numbers as the API words them; these types read such results back.
//!
//! Source: Prometheus' HTTP API v1 (3.14).

mod envelope;
mod explain;
mod lists;
mod me;
mod queries;
mod query;
mod query_batch;
mod rule_form;
mod rules;
mod server_state;
mod status;
mod targets;
mod tsdb;

pub use envelope::{Envelope, Status};
pub use explain::{ExplainData, PlanNode};
pub use lists::{
    DiscoveryList, FoundTarget, GroupRow, Paging, PoolSummary, RelabelStep, RelabelSteps, RuleList,
    RuleRow, TargetList,
};
pub use me::{Me, MyPreferences};
pub use queries::{QueriesData, QueryProfile, RunningQuery};
pub use query::{
    HistogramBucket, HistogramPair, HistogramValue, LabelMap, MatrixSeries, QueryData, QueryStats,
    SamplePair, VectorSample,
};
pub use query_batch::{
    BATCH_CONTENT_TYPE, BatchAnswer, BatchFrame, BatchMatrix, BatchNotes, BatchQuery, BatchSeries,
    FrameReader, FrameWriter, MOST_IN_BATCH, QueryBatch,
};
pub use rule_form::{
    ChangedGroup, FileChange, FileDiff, FileRule, FormGroup, FormRule, GroupSettings, MoveGroup,
    MoveRule, OrderGroup, PreviewInterval, PreviewMatch, PreviewQuery, PreviewSeries,
    PreviewSummary, RuleCheck, RuleConflict, RuleFault, RuleFields, RuleFileInfo, RuleFolder,
    RulePreview, RuleTree, STORED_RULES, SaveRule, StoredRule,
};
pub use rules::{
    Alert, AlertingRule, Alertmanager, AlertmanagersData, AlertsData, RecordingRule, Rule,
    RuleGroup, RulesData,
};
pub use server_state::{
    ConfigCheck, ConfigState, ConfigWarning, Notification, RemoteCounter, RemotePeer, RemoteSender,
    RemoteState,
};
pub use status::{BuildInfo, RuntimeInfo};
pub use targets::{ActiveTarget, DroppedTarget, Health, TargetsData};
pub use tsdb::{
    BlockCompaction, BlockMeta, BlockStats, BlocksData, HeadStats, NamedValue, ReplayData,
    TsdbStatus,
};
