//! Relabelling rules.

use crate::text;
use model::Labels;
use relabel::{Rule, RuleFields, Verdict, apply};

/// Lines: action, regex, replacement, target label, separator, modulus, source labels, then labels.
pub fn run(data: &[u8]) {
    let Some(text) = text(data) else {
        return;
    };
    let mut lines = text.split('\n');
    let mut field = || {
        lines
            .next()
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
    };
    let fields = RuleFields {
        action: field(),
        regex: field(),
        replacement: field(),
        target_label: field(),
        separator: field(),
        modulus: field().and_then(|number| number.parse().ok()),
        source_labels: field().map_or_else(Vec::new, |names| {
            names.split(',').map(str::to_owned).collect()
        }),
    };
    let pairs: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once('=')).collect();
    let Ok(rule) = Rule::new(fields) else {
        return;
    };
    assert_eq!(Rule::new(rule.to_fields()).as_ref(), Ok(&rule));
    let before = Labels::from_pairs(pairs);
    let mut labels = before.to_builder();
    let verdict = apply(&[rule], &mut labels);
    let after = labels.build();
    assert!(
        after.iter().all(|(_, value)| !value.is_empty()),
        "{before} became {after}"
    );
    if verdict == Verdict::Keep {
        let _ = after.to_string();
    }
}

/// One rule of each action.
pub fn seeds() -> Vec<Vec<u8>> {
    let labels = "__name__=up\njob=node\nx=a:b";
    let actions = [
        "replace",
        "keep",
        "drop",
        "hashmod",
        "labelmap",
        "labeldrop",
        "labelkeep",
        "lowercase",
        "uppercase",
        "keepequal",
        "dropequal",
    ];
    let whole = actions
        .iter()
        .map(|action| format!("{action}\n([^:]+):(.*)\n$1-${{2}}\ny\n;\n8\njob,x\n{labels}"));
    let short = [
        "labelmap\n(.*)b\nz_$1",
        "labeldrop\nx.*\n",
        "keepequal\n\n\njob\n\n\nx",
    ];
    let short = short.iter().map(|text| format!("{text}\n\n\n\n{labels}"));
    whole.chain(short).map(String::into_bytes).collect()
}
