//! `/api/v1/status/tsdb`, `/api/v1/status/tsdb/blocks`, `/api/v1/status/walreplay`.

use crate::error::{ApiError, ErrorKind};
use crate::params::Params;
use crate::response::success;
use crate::state::ApiState;
use api_types::{
    BlockCompaction, BlockMeta, BlockStats, BlocksData, HeadStats, NamedValue, ReplayData,
    TsdbStatus,
};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use storage::{Admin, BlockInfo, NamedCount, ReplayStatus};

/// Entries per list where the call names no limit.
const USUAL_TOP: usize = 10;

/// Most entries per list. Source: Prometheus' `web/api/v1/api.go`.
const MAX_TOP: usize = 10_000;

/// `/api/v1/status/tsdb`
pub(crate) async fn head(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    let top = match params.get("limit").map(str::parse::<usize>) {
        None => USUAL_TOP,
        Some(Ok(top @ 1..=MAX_TOP)) => top,
        Some(_) => {
            let cause = format!("limit must be a positive number up to {MAX_TOP}");
            return Err(ApiError::parameter("limit", cause));
        }
    };
    let status = on_storage(&state, move |admin| Ok(admin.head_status(top))).await?;
    Ok(success(TsdbStatus {
        head_stats: HeadStats {
            num_series: status.series,
            num_label_pairs: status.label_pairs,
            chunk_count: status.chunks,
            min_time: status.min_time,
            max_time: status.max_time,
        },
        series_count_by_metric_name: named(status.series_by_metric),
        label_value_count_by_label_name: named(status.values_by_label),
        memory_in_bytes_by_label_name: named(status.bytes_by_label),
        series_count_by_label_value_pair: named(status.series_by_pair),
    }))
}

/// `/api/v1/status/tsdb/blocks`
pub(crate) async fn blocks(State(state): State<Arc<ApiState>>) -> Result<Response, ApiError> {
    let blocks = on_storage(&state, |admin| Ok(admin.blocks())).await?;
    Ok(success(BlocksData {
        blocks: blocks.into_iter().map(block).collect(),
    }))
}

/// `/api/v1/status/walreplay`
pub(crate) async fn replay(State(state): State<Arc<ApiState>>) -> Response {
    replay_answer((state.replay)())
}

/// The answer of `/api/v1/status/walreplay`, for a server that has no state yet too.
pub(crate) fn replay_answer(status: ReplayStatus) -> Response {
    success(ReplayData {
        min: status.min,
        max: status.max,
        current: status.current,
    })
}

/// Asks the storage off the threads that serve connections.
pub(crate) async fn on_storage<T: Send + 'static>(
    state: &ApiState,
    ask: impl FnOnce(&dyn Admin) -> storage::Result<T> + Send + 'static,
) -> Result<T, ApiError> {
    let admin = Arc::clone(&state.admin);
    match tokio::task::spawn_blocking(move || ask(&*admin)).await {
        Ok(answer) => Ok(answer?),
        Err(error) => Err(ApiError::new(ErrorKind::Internal, error.to_string())),
    }
}

fn named(counts: Vec<NamedCount>) -> Vec<NamedValue> {
    let named = |NamedCount { name, value }| NamedValue { name, value };
    counts.into_iter().map(named).collect()
}

fn block(info: BlockInfo) -> BlockMeta {
    BlockMeta {
        ulid: info.id,
        min_time: info.min_time,
        max_time: info.max_time,
        stats: BlockStats {
            num_samples: info.samples,
            num_series: info.series,
            num_chunks: info.chunks,
            num_tombstones: info.tombstones,
            num_bytes: info.bytes,
        },
        compaction: BlockCompaction {
            level: info.level,
            sources: info.sources,
            parents: info.parents,
        },
        version: 1,
    }
}
