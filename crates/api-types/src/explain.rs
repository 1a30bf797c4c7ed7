//! The answer of `/api/watchfire/explain`.

use serde::{Deserialize, Serialize};

/// How a query was evaluated, and what its parts took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainData {
    /// The expression as a tree.
    pub plan: PlanNode,
    /// Type of the result: `vector`, `matrix`, `scalar` or `string`.
    pub result_type: String,
    /// Series of the result.
    pub series: u64,
    /// Samples that selectors looked at, counted once per step and window.
    pub total_queryable_samples: u64,
    /// Samples read from the storage.
    pub samples_read: u64,
    /// Most samples held at once.
    pub peak_samples: u64,
    /// Time in the queue. Units: seconds.
    pub queue_time: f64,
    /// Time of the evaluation. Units: seconds.
    pub eval_time: f64,
}

/// One node of an expression. Parentheses are no nodes.
///
/// Counts and times are absent where the node is not evaluated as series of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanNode {
    /// The expression, as it is printed.
    pub text: String,
    /// Where it begins in the query. Units: bytes.
    pub start: usize,
    /// Just after its end. Units: bytes.
    pub end: usize,
    /// What it is: `selector`, `range`, `subquery`, `call`, `aggregate`, `binary`, `unary` or `literal`.
    pub kind: String,
    /// How it is evaluated, in a few words.
    pub how: String,
    /// Series that its operands gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series_in: Option<u64>,
    /// Series that it gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series_out: Option<u64>,
    /// Samples read from the storage, by it and its operands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples: Option<u64>,
    /// Time of itself and its operands, over all threads. Units: seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_time: Option<f64>,
    /// Time of itself alone. Units: seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_time: Option<f64>,
    /// Operands. Ordering: as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<PlanNode>,
}
