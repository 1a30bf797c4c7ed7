//! `watchfire tsdb`: looks into a data folder.

use super::Result;
use anyhow::{Context, anyhow, bail};
use block::{Block, Ulid};
use chrono::{DateTime, SecondsFormat};
use clap::{Args, Subcommand};
use clock::SystemClock;
use model::{DurationMs, Labels, TimeRange, TimestampMs, format_value, quote_label_value};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use storage::{Column, Matchers, Queryable};
use tsdb::{Db, Options};
use vfs::{Disk, Vfs};

/// What to look for.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Tsdb {
    /// Lists the blocks.
    List {
        #[command(flatten)]
        folder: Folder,
        /// Prints times, durations and sizes for people.
        #[arg(short = 'r', long)]
        human_readable: bool,
    },
    /// Tells what takes the room in a block: labels, metrics.
    Analyze {
        #[command(flatten)]
        folder: Folder,
        /// Block; the newest if not given.
        #[arg(value_name = "BLOCK")]
        block: Option<String>,
        /// Most entries of each list.
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: usize,
    },
    /// Prints samples, one per line: labels, value, milliseconds. Needs the folder for itself.
    Dump {
        #[command(flatten)]
        folder: Folder,
        /// Earliest time. Units: milliseconds since the epoch.
        #[arg(long, value_name = "MS", default_value_t = i64::MIN, allow_negative_numbers = true)]
        min_time: i64,
        /// Latest time. Units: milliseconds since the epoch.
        #[arg(long, value_name = "MS", default_value_t = i64::MAX, allow_negative_numbers = true)]
        max_time: i64,
        /// Selector; several are joined.
        #[arg(
            long = "match",
            value_name = "SELECTOR",
            default_value = r#"{__name__=~"(?s:.*)"}"#
        )]
        selectors: Vec<String>,
    },
    /// Reads every page of every block and checks it. The exit status is 1 where something is damaged.
    Verify {
        #[command(flatten)]
        folder: Folder,
    },
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub(crate) struct Folder {
    /// Data folder.
    #[arg(value_name = "FOLDER", default_value = "data/")]
    path: PathBuf,
}

/// Looks and prints.
pub(crate) fn run(tsdb: &Tsdb, out: &mut dyn Write) -> Result<bool> {
    match tsdb {
        Tsdb::List {
            folder,
            human_readable,
        } => list(&folder.path, *human_readable, out),
        Tsdb::Analyze {
            folder,
            block,
            limit,
        } => analyze(&folder.path, block.as_deref(), *limit, out),
        Tsdb::Dump {
            folder,
            min_time,
            max_time,
            selectors,
        } => {
            let range = TimeRange::inclusive(TimestampMs(*min_time), TimestampMs(*max_time));
            dump(&folder.path, range, selectors, out)
        }
        Tsdb::Verify { folder } => verify(&folder.path, out),
    }
}

fn disk() -> Arc<dyn Vfs> {
    Arc::new(Disk)
}

/// The folders of all blocks. Ordering: by name, which is by time of creation.
fn block_folders(folder: &Path) -> Result<Vec<PathBuf>> {
    let blocks = folder.join("blocks");
    if !folder.is_dir() {
        bail!("there is no folder {}", folder.display());
    }
    let mut found = Vec::new();
    if !blocks.is_dir() {
        return Ok(found);
    }
    let entries =
        std::fs::read_dir(&blocks).with_context(|| format!("cannot list {}", blocks.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if name.is_some_and(|name| name.parse::<Ulid>().is_ok()) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The blocks. Ordering: by their times.
fn blocks(folder: &Path) -> Result<Vec<Arc<Block>>> {
    let disk = disk();
    let mut blocks = Vec::new();
    for path in block_folders(folder)? {
        blocks.push(Block::open(&disk, &path)?);
    }
    blocks.sort_by_key(|block| (block.meta().min_time, block.meta().max_time, block.id()));
    Ok(blocks)
}

fn list(folder: &Path, for_people: bool, out: &mut dyn Write) -> Result<bool> {
    writeln!(
        out,
        "{:<26}  {:<20}  {:<20}  {:<10}  {:>5}  {:>12}  {:>10}  {:>9}  {:>10}",
        "BLOCK ULID",
        "MIN TIME",
        "MAX TIME",
        "DURATION",
        "LEVEL",
        "NUM SAMPLES",
        "NUM CHUNKS",
        "NUM SERIES",
        "SIZE"
    )?;
    let time = |millis: i64| {
        let spelled = DateTime::from_timestamp_millis(millis).filter(|_| for_people);
        spelled.map_or_else(
            || millis.to_string(),
            |time| time.to_rfc3339_opts(SecondsFormat::Secs, true),
        )
    };
    for block in blocks(folder)? {
        let meta = block.meta();
        let size = if for_people {
            format!("{:.2}MiB", block.bytes() as f64 / f64::from(1 << 20))
        } else {
            block.bytes().to_string()
        };
        writeln!(
            out,
            "{:<26}  {:<20}  {:<20}  {:<10}  {:>5}  {:>12}  {:>10}  {:>9}  {:>10}",
            meta.id.to_string(),
            time(meta.min_time),
            time(meta.max_time),
            DurationMs(meta.max_time - meta.min_time).to_string(),
            meta.level,
            meta.stats.samples,
            meta.stats.columns,
            meta.stats.series,
            size
        )?;
    }
    Ok(true)
}

fn analyze(folder: &Path, wanted: Option<&str>, limit: usize, out: &mut dyn Write) -> Result<bool> {
    let blocks = blocks(folder)?;
    let block = match wanted {
        None => blocks.last().ok_or_else(|| {
            anyhow!(
                "{} has no block yet: samples are in the log",
                folder.display()
            )
        })?,
        Some(name) => {
            let found = blocks.iter().find(|block| block.id().to_string() == name);
            found.ok_or_else(|| anyhow!("there is no block `{name}`"))?
        }
    };
    let meta = block.meta();
    let stats = block.index()?.stats(limit);
    writeln!(out, "Block ID: {}", meta.id)?;
    writeln!(
        out,
        "Duration: {}",
        DurationMs(meta.max_time - meta.min_time)
    )?;
    writeln!(out, "Total Series: {}", stats.series)?;
    writeln!(out, "Total Samples: {}", meta.stats.samples)?;
    let per_sample = block.bytes() as f64 / meta.stats.samples.max(1) as f64;
    writeln!(out, "Bytes per Sample: {per_sample:.3}")?;
    writeln!(out, "Label names: {}", stats.names)?;
    writeln!(out, "Postings (unique label pairs): {}", stats.pairs)?;
    for (title, counts) in [
        (
            "Label names with highest cumulative label value length:",
            &stats.bytes_per_name,
        ),
        ("Highest cardinality labels:", &stats.values_per_name),
        (
            "Highest cardinality metric names:",
            &stats.series_per_metric,
        ),
    ] {
        writeln!(out, "\n{title}")?;
        for count in counts {
            writeln!(out, "{} {}", count.count, count.text)?;
        }
    }
    writeln!(out, "\nMost common label pairs:")?;
    for pair in &stats.series_per_pair {
        writeln!(out, "{} {}={}", pair.count, pair.name, pair.value)?;
    }
    Ok(true)
}

fn dump(
    folder: &Path,
    range: TimeRange,
    selectors: &[String],
    out: &mut dyn Write,
) -> Result<bool> {
    if !folder.is_dir() {
        bail!("there is no folder {}", folder.display());
    }
    let options = Options {
        retention: DurationMs(0),
        ..Options::new(folder)
    };
    let db = Db::open(options, disk(), Arc::new(SystemClock))?;
    for selector in selectors {
        let matchers = promql_syntax::parse_selector(selector)
            .map_err(|error| anyhow!("`{selector}` is no selector: {error}"))?;
        let selection = db.select(&Matchers::compile(&matchers)?, range)?;
        let mut reader = selection.reader();
        let mut column = Column::default();
        for index in 0..selection.len() {
            reader.read(index, range, &mut column)?;
            let labels = in_braces(&selection.labels(index));
            for (at, (time, value)) in column.times.iter().zip(&column.values).enumerate() {
                match column.histograms.get(at).and_then(Option::as_ref) {
                    None => writeln!(out, "{labels} {} {time}", format_value(*value))?,
                    Some(one) => writeln!(
                        out,
                        "{labels} {{count:{}, sum:{}}} {time}",
                        format_value(one.count),
                        format_value(one.sum)
                    )?,
                }
            }
        }
    }
    Ok(true)
}

/// All labels inside the braces, the metric name too.
fn in_braces(labels: &Labels) -> String {
    let pairs: Vec<String> = labels
        .iter()
        .map(|(name, value)| format!("{name}={}", quote_label_value(value)))
        .collect();
    format!("{{{}}}", pairs.join(", "))
}

fn verify(folder: &Path, out: &mut dyn Write) -> Result<bool> {
    let disk = disk();
    let mut damaged = 0;
    let folders = block_folders(folder)?;
    for path in &folders {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let verified = Block::open(&disk, path).and_then(|block| block.verify());
        match verified {
            Ok(found) if !found.loss.is_some() => {
                writeln!(out, "{name}: {} samples, no damage", found.samples)?;
            }
            Ok(found) => {
                damaged += 1;
                let loss = found.loss;
                writeln!(
                    out,
                    "{name}: {} samples can be read, {} samples in {} damaged pages cannot",
                    found.samples, loss.samples, loss.pages
                )?;
            }
            Err(error) => {
                damaged += 1;
                writeln!(out, "{name}: {error}")?;
            }
        }
    }
    writeln!(out, "{} blocks, {damaged} damaged", folders.len())?;
    Ok(damaged == 0)
}
