//! Test files.

use crate::case::Test;
use crate::report::Report;
use crate::{Error, Result, run, when, wire};
use model::DurationMs;
use promql::EngineOptions;
use promql_syntax::ParseOptions;
use rules::RuleFile;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use storage::CompiledMatcher;

/// How tests are run.
#[derive(Debug, Clone, Default)]
pub struct TestOptions {
    /// Which parts of PromQL are there.
    pub parse: ParseOptions,
    /// How queries are evaluated.
    pub engine: EngineOptions,
    /// Regular expressions, anchored at neither end: only tests whose name one of them matches run. All run
    /// if there is none.
    pub run: Vec<String>,
}

/// A test file.
#[derive(Debug, Clone)]
pub struct TestFile {
    rule_files: Vec<String>,
    pub(crate) evaluation_interval: DurationMs,
    /// Group names with their place in the order of evaluation.
    pub(crate) order: BTreeMap<String, usize>,
    pub(crate) fuzzy: bool,
    tests: Vec<Test>,
}

impl TestFile {
    /// Reads the test file `text`.
    ///
    /// # Errors
    /// [`Error::Yaml`], [`Error::UnknownField`], [`Error::Duration`], [`Error::StartTime`].
    pub fn parse(text: &str) -> Result<Self> {
        let file = serde_saphyr::from_str::<Option<wire::File>>(text)
            .map_err(|error| yaml_error(&error))?
            .unwrap_or_default();
        let minute = DurationMs::from_secs(60);
        let interval = when::duration(file.evaluation_interval.as_deref(), minute)?;
        let interval = if interval.0 > 0 { interval } else { minute };
        let mut order = BTreeMap::new();
        for (place, name) in file
            .group_eval_order
            .unwrap_or_default()
            .into_iter()
            .enumerate()
        {
            if order.contains_key(&name) {
                return Err(Error::RepeatedGroup(name));
            }
            order.insert(name, place);
        }
        let tests = file.tests.unwrap_or_default().into_iter();
        let tests = tests.map(|test| Test::new(test.unwrap_or_default(), interval));
        Ok(Self {
            rule_files: file.rule_files.unwrap_or_default(),
            evaluation_interval: interval,
            order,
            fuzzy: file.fuzzy_compare,
            tests: tests.collect::<Result<_>>()?,
        })
    }

    /// Runs the tests; `folder` is where the paths of rule files begin.
    pub fn run(&self, folder: &Path, options: &TestOptions) -> Report {
        let mut report = Report::default();
        let patterns = match patterns(&options.run) {
            Ok(patterns) => patterns,
            Err(error) => {
                report.fail(error);
                return report;
            }
        };
        let paths = self.rule_paths(folder, &mut report);
        for test in &self.tests {
            let runs = patterns.is_empty() || patterns.iter().any(|one| one.matches(&test.name));
            if !runs {
                continue;
            }
            report.tests += 1;
            // Read for every test, as each begins with rules that know nothing.
            match load(&paths, options.parse) {
                Ok(files) => run::run(test, self, files, options, &mut report),
                Err(error) => report.fail(error),
            }
        }
        report
    }

    /// The rule files that the patterns name. Ordering: of the patterns, then by name.
    fn rule_paths(&self, folder: &Path, report: &mut Report) -> Vec<PathBuf> {
        let mut paths = Vec::new();
        for pattern in &self.rule_files {
            let whole = folder.join(pattern);
            let found = matching(&whole);
            if found.is_empty() {
                report
                    .warnings
                    .push(format!("no file match pattern {}", whole.display()));
            }
            paths.extend(found);
        }
        paths
    }
}

fn load(paths: &[PathBuf], options: ParseOptions) -> Result<Vec<RuleFile>> {
    let files = paths.iter().map(|path| RuleFile::load(path, options));
    Ok(files.collect::<Result<Vec<_>, _>>()?)
}

/// The patterns that choose tests by name.
fn patterns(run: &[String]) -> Result<Vec<CompiledMatcher>> {
    let compile = |pattern: &String| {
        let open = format!(".*(?:{pattern}).*");
        let matcher = model::Matcher::new("name", model::MatchOp::Regex, open);
        CompiledMatcher::compile(&matcher).map_err(|_| Error::Run(pattern.clone()))
    };
    run.iter().map(compile).collect()
}

/// The files that a path with `*` and `?` in its last part names. Ordering: by name.
fn matching(pattern: &Path) -> Vec<PathBuf> {
    let name = pattern
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("");
    if !name.contains(['*', '?']) {
        return pattern
            .exists()
            .then(|| pattern.to_owned())
            .into_iter()
            .collect();
    }
    let folder = pattern.parent().unwrap_or(Path::new(""));
    let listed = if folder.as_os_str().is_empty() {
        std::fs::read_dir(".")
    } else {
        std::fs::read_dir(folder)
    };
    let mut found: Vec<PathBuf> = listed
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| {
            entry
                .file_name()
                .to_str()
                .is_some_and(|file| glob(name, file))
        })
        .map(|entry| folder.join(entry.file_name()))
        .collect();
    found.sort();
    found
}

/// Whether `text` fits a pattern in which `*` stands for anything and `?` for one character.
fn glob(pattern: &str, text: &str) -> bool {
    let mut rest = pattern.chars();
    match rest.next() {
        None => text.is_empty(),
        Some('*') => {
            let mut tails = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            tails.any(|at| glob(rest.as_str(), text.get(at..).unwrap_or("")))
        }
        Some(wanted) => {
            let mut characters = text.chars();
            characters
                .next()
                .is_some_and(|c| wanted == '?' || c == wanted)
                && glob(rest.as_str(), characters.as_str())
        }
    }
}

fn yaml_error(error: &serde_saphyr::Error) -> Error {
    use serde_saphyr::Error as Yaml;
    let inner = error.without_snippet();
    let line = inner.location().map_or(0, |location| location.line());
    match inner {
        Yaml::SerdeUnknownField {
            field, expected, ..
        } => Error::UnknownField {
            line,
            field: field.clone(),
            kind: wire::type_name(expected),
        },
        other => {
            let message = other.to_string();
            let first = message.lines().next().unwrap_or("");
            let first = first.split(" at line ").next().unwrap_or(first);
            Error::Yaml {
                line,
                message: first.trim_start_matches("error: ").to_owned(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_within_one_name() {
        for (pattern, text, fits) in [
            ("*.yml", "a.yml", true),
            ("*.yml", "a.yaml", false),
            ("a?c*", "abc", true),
            ("a?c*", "ac", false),
            ("*", "", true),
        ] {
            assert_eq!(glob(pattern, text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn an_order_names_each_group_once() {
        let error = TestFile::parse("group_eval_order: [a, a]").unwrap_err();
        assert_eq!(
            error.to_string(),
            "group name repeated in evaluation order: a"
        );
        let error = TestFile::parse("tests:\n- foo: 1\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "yaml: unmarshal errors:\n  line 2: field foo not found in type main.testGroup"
        );
    }
}
