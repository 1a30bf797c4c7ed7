//! `watchfire check metrics`.

use super::Result;
use clap::{Args, ValueEnum};
use exposition::Cardinality;
use std::io::{Read, Write};

/// The status where something is hardly meant; promtool's.
const LINT_STATUS: u8 = 3;

/// How a metrics page on the standard input is checked.
#[derive(Debug, Clone, Args)]
pub(crate) struct CheckMetrics {
    /// Also prints how many series each family has.
    #[arg(long)]
    extended: bool,

    /// What to tell besides what is wrong.
    #[arg(long, value_name = "WHAT", default_value = "all")]
    lint: Lint,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Lint {
    All,
    None,
}

impl CheckMetrics {
    /// Checks the standard input; the exit status.
    pub(crate) fn run(&self, out: &mut dyn Write) -> Result<u8> {
        if self.lint == Lint::None && !self.extended {
            anyhow::bail!("nothing to do: --lint=none without --extended");
        }
        let mut page = Vec::new();
        std::io::stdin().lock().read_to_end(&mut page)?;
        if self.lint == Lint::All {
            let problems = exposition::lint(&page)
                .map_err(|error| anyhow::anyhow!("while linting: {error}"))?;
            let mut err = std::io::stderr().lock();
            for problem in &problems {
                writeln!(err, "{} {}", problem.metric, problem.text)?;
            }
            if !problems.is_empty() {
                return Ok(LINT_STATUS);
            }
        }
        if self.extended {
            write_table(&exposition::cardinality(&page)?, out)?;
        }
        Ok(0)
    }
}

fn write_table(all: &[Cardinality], out: &mut dyn Write) -> Result<()> {
    let total: usize = all.iter().map(|one| one.series).sum();
    let row = |one: &Cardinality| {
        let share = one.series as f64 / total as f64 * 100.0;
        let (name, series) = (one.metric.clone(), one.series.to_string());
        [name, series, format!("{share:.2}%")]
    };
    let mut rows = vec![["Metric", "Cardinality", "Percentage"].map(str::to_owned)];
    rows.extend(all.iter().map(row));
    rows.push(["Total".to_owned(), total.to_string(), "100%".to_owned()]);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0) + 4
    };
    let widths = [width(0), width(1), width(2)];
    for row in &rows {
        for (cell, width) in row.iter().zip(widths) {
            write!(out, "{cell:width$}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}
