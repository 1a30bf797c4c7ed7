//! Discoveries that ask again and again.

use crate::discoverer::{Discoverer, Running, Sink};
use crate::error::Result;
use crate::group::TargetGroup;
use crate::metrics::RefreshMetrics;
use std::future::Future;
use std::time::{Duration, Instant};
use tokio::time::MissedTickBehavior;

/// One look of a discovery that asks again and again.
pub trait Refresh: Send + 'static {
    /// What is there now: all groups, and empty ones for sources that are gone.
    fn refresh(&mut self) -> impl Future<Output = Result<Vec<TargetGroup>>> + Send;
}

/// Asks at once and then at every interval; what failed is asked again at the next.
pub(crate) struct Periodic<R> {
    pub(crate) refresh: R,
    pub(crate) interval: Duration,
    pub(crate) metrics: RefreshMetrics,
}

impl<R: Refresh> Discoverer for Periodic<R> {
    fn run(mut self: Box<Self>, sink: Sink) -> Running {
        Box::pin(async move {
            let mut ticks = tokio::time::interval(self.interval.max(Duration::from_millis(1)));
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let started = Instant::now();
                let found = self.refresh.refresh().await;
                self.metrics
                    .duration
                    .observe(started.elapsed().as_secs_f64());
                match found {
                    Ok(groups) => sink.send(groups),
                    Err(error) => {
                        self.metrics.failures.inc();
                        tracing::error!(
                            discovery = self.metrics.mechanism,
                            config = self.metrics.config,
                            %error,
                            "unable to refresh target groups"
                        );
                    }
                }
            }
        })
    }
}
