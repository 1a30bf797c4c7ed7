//! What a query has shown is there after `kill -9`.

use crate::exporter::Exporter;
use crate::process::{Server, encode, folder};
use serde_json::Value;

/// All samples of all series so far, as the API shows them.
fn everything(server: &Server) -> Vec<Value> {
    let expression = encode("{__name__=~\".+\"}[10m]");
    let answer = server.json(&format!("/api/v1/query?query={expression}"));
    answer["data"]["result"].as_array().unwrap().clone()
}

#[test]
fn every_sample_that_a_query_showed_is_there_after_kill_9() {
    let exporter = Exporter::serve("changing 0\nsteady 42\nodd{x=\"é\"} NaN\n");
    let (folder, file) = folder(&exporter.config());
    let mut shown: Vec<Value> = Vec::new();
    for round in 0..4 {
        let server = Server::start(folder.path(), Some(&file));
        let after = everything(&server);
        for before in &shown {
            let now = after
                .iter()
                .find(|series| series["metric"] == before["metric"]);
            let now = now.unwrap_or_else(|| panic!("round {round}: {} is gone", before["metric"]));
            let (before, now) = (&before["values"], &now["values"]);
            for sample in before.as_array().unwrap() {
                assert!(
                    now.as_array().unwrap().contains(sample),
                    "round {round}: {sample} is gone"
                );
            }
        }
        let enough = (round + 1) * 5;
        shown = server.wait_for("five more samples", |server| {
            exporter.set(&format!(
                "changing {round}.5\nsteady 42\nodd{{x=\"é\"}} NaN\n"
            ));
            let shown = everything(server);
            let samples = |series: &Value| series["values"].as_array().unwrap().len();
            let changing = shown
                .iter()
                .find(|series| series["metric"]["__name__"] == "changing")?;
            (samples(changing) >= enough).then_some(shown)
        });
        // Four of the page and five of the scrape itself are written together.
        assert!(shown.len() >= 8, "{shown:?}");
        server.kill();
    }
}
