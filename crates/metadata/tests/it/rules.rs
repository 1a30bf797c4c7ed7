//! Rules made in the browser.

use crate::fixture::{Fixture, on_both};
use metadata::{
    Base, Contents, Current, Error, FolderDraft, Kind, Placement, Rule, RuleDraft, RuleFields,
    RuleGroupSettings, RuleKind,
};
use model::DurationMs;
use std::collections::BTreeMap;

on_both![
    rule_comes_back_as_it_was_saved,
    second_of_two_who_edit_a_rule_is_told,
    rules_keep_their_order_in_export,
    group_changes_its_settings_name_and_order,
    rule_moves_and_its_empty_group_goes,
    rules_go_with_their_folder,
    recording_rules_have_no_fields_of_alerts,
];

fn fields(kind: RuleKind, name: &str) -> RuleFields {
    RuleFields {
        kind,
        name: name.into(),
        expr: "up == 0".into(),
        hold: DurationMs(0),
        keep_firing_for: DurationMs(0),
        labels: BTreeMap::new(),
        annotations: BTreeMap::new(),
        paused: false,
    }
}

fn draft(uid: &str, group: &str, base: Base) -> RuleDraft {
    RuleDraft {
        uid: Some(uid.into()),
        folder: Placement::Keep,
        group: group.into(),
        fields: fields(RuleKind::Alert, uid),
        base,
    }
}

async fn save(fixture: &Fixture, draft: RuleDraft) -> metadata::Result<Rule> {
    fixture.metadata.rules().save(&fixture.actor, draft).await
}

async fn folder(fixture: &Fixture, uid: &str) {
    let draft = FolderDraft {
        uid: Some(uid.into()),
        title: uid.to_uppercase(),
        parent: None,
    };
    fixture
        .metadata
        .folders()
        .create(&fixture.actor, draft)
        .await
        .unwrap();
}

/// `folder/group/rule` of all rules, in order.
async fn all(fixture: &Fixture) -> String {
    let rules = fixture
        .metadata
        .rules()
        .list(&fixture.everything().await)
        .await
        .unwrap();
    let name = |rule: &Rule| {
        format!(
            "{}/{}/{}",
            rule.folder.as_deref().unwrap_or("-"),
            rule.group,
            rule.uid
        )
    };
    rules.iter().map(name).collect::<Vec<_>>().join(" ")
}

async fn rule_comes_back_as_it_was_saved(fixture: &Fixture) {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let wanted = RuleFields {
        hold: DurationMs(300_000),
        keep_firing_for: DurationMs(60_000),
        labels: [pair("severity", "page"), pair("a\"b", "{{ $labels.x }}\n'")].into(),
        annotations: [pair("summary", "100% \u{1f525}")].into(),
        paused: true,
        ..fields(RuleKind::Alert, "Down")
    };
    let made = RuleDraft {
        uid: None,
        fields: wanted.clone(),
        ..draft("x", " hosts ", Base::New)
    };
    let rule = save(fixture, made).await.unwrap();
    assert_eq!(
        (&rule.fields, rule.group.as_str(), rule.version),
        (&wanted, "hosts", 1)
    );
    assert_eq!(fixture.metadata.rules().get(&rule.uid).await.unwrap(), rule);
    assert_eq!(rule.created_by, "test");
}

async fn second_of_two_who_edit_a_rule_is_told(fixture: &Fixture) {
    save(fixture, draft("a", "g", Base::New)).await.unwrap();
    let mut first = draft("a", "g", Base::Version(1));
    first.fields.expr = "first".into();
    save(fixture, first).await.unwrap();
    let error = save(fixture, draft("a", "g", Base::Version(1)))
        .await
        .unwrap_err();
    let Error::Conflict {
        base: 1,
        current: Current::Rule(current),
    } = error
    else {
        panic!("{error}");
    };
    assert_eq!(
        (current.version, current.fields.expr.as_str()),
        (2, "first")
    );
    let rules = fixture.metadata.rules();
    let error = rules
        .delete(&fixture.actor, "a", Some(1))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Conflict { .. }), "{error}");
    assert_eq!(rules.get("a").await.unwrap(), *current);
    let error = save(fixture, draft("a", "g", Base::New)).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::AlreadyExists {
                kind: Kind::Rule,
                ..
            }
        ),
        "{error}"
    );
    let error = save(fixture, draft("b", "g", Base::Version(3)))
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::NotFound {
                kind: Kind::Rule,
                ..
            }
        ),
        "{error}"
    );
    rules.delete(&fixture.actor, "a", Some(2)).await.unwrap();
    assert!(rules.get("a").await.is_err());
}

async fn rules_keep_their_order_in_export(fixture: &Fixture) {
    for uid in ["zoo", "ant"] {
        folder(fixture, uid).await;
    }
    for (folder, group, uid) in [
        (Some("zoo"), "g", "r1"),
        (None, "b", "r3"),
        (None, "b", "r2"),
        (Some("ant"), "z", "r4"),
        (None, "a", "r5"),
        (Some("ant"), "Z", "r6"),
        (Some("ant"), "z", "r0"),
    ] {
        let placed = RuleDraft {
            folder: folder.map_or(Placement::Top, |uid| Placement::Folder(uid.into())),
            ..draft(uid, group, Base::New)
        };
        save(fixture, placed).await.unwrap();
    }
    let expected = "-/a/r5 -/b/r3 -/b/r2 ant/Z/r6 ant/z/r4 ant/z/r0 zoo/g/r1";
    assert_eq!(all(fixture).await, expected);
    let groups = fixture
        .metadata
        .rules()
        .groups(&fixture.everything().await)
        .await
        .unwrap();
    let shown: Vec<(&str, i64)> = groups
        .iter()
        .map(|group| (group.name.as_str(), group.rules))
        .collect();
    assert_eq!(shown, [("a", 1), ("b", 2), ("Z", 1), ("z", 2), ("g", 1)]);
    assert_eq!(groups[4].folder_title.as_deref(), Some("ZOO"));
}

async fn group_changes_its_settings_name_and_order(fixture: &Fixture) {
    for uid in ["a", "b", "c"] {
        save(fixture, draft(uid, "g", Base::New)).await.unwrap();
    }
    let rules = fixture.metadata.rules();
    let settings = RuleGroupSettings {
        interval: Some(DurationMs(30_000)),
        query_offset: Some(DurationMs(-5_000)),
        limit: 10,
    };
    let group = rules
        .set_group(&fixture.actor, None, "g", settings, Some(1))
        .await
        .unwrap();
    assert_eq!((group.settings, group.version), (settings, 2));
    let late = rules
        .set_group(&fixture.actor, None, "g", settings, Some(1))
        .await
        .unwrap_err();
    assert!(
        matches!(
            late,
            Error::Conflict {
                current: Current::RuleGroup(_),
                ..
            }
        ),
        "{late}"
    );
    let uids = |uids: &[&str]| uids.iter().map(|uid| (*uid).to_owned()).collect::<Vec<_>>();
    rules
        .reorder(&fixture.actor, None, "g", &uids(&["c", "a", "b"]), Some(2))
        .await
        .unwrap();
    assert_eq!(all(fixture).await, "-/g/c -/g/a -/g/b");
    let missing = rules
        .reorder(&fixture.actor, None, "g", &uids(&["c", "a"]), None)
        .await;
    assert!(
        matches!(missing, Err(Error::Conflict { .. })),
        "{missing:?}"
    );
    let twice = rules
        .reorder(&fixture.actor, None, "g", &uids(&["c", "a", "a"]), None)
        .await;
    assert!(matches!(twice, Err(Error::Invalid { .. })), "{twice:?}");
    save(fixture, draft("d", "other", Base::New)).await.unwrap();
    let to = (&Placement::Keep, "other");
    let taken = rules
        .move_group(&fixture.actor, (None, "g"), to, None)
        .await;
    assert!(
        matches!(taken, Err(Error::AlreadyExists { .. })),
        "{taken:?}"
    );
    let to = (&Placement::Keep, "new");
    rules
        .move_group(&fixture.actor, (None, "g"), to, Some(3))
        .await
        .unwrap();
    assert_eq!(all(fixture).await, "-/new/c -/new/a -/new/b -/other/d");
    rules.delete(&fixture.actor, "a", None).await.unwrap();
    assert_eq!(rules.get("b").await.unwrap().place, 1);
    rules
        .delete_group(&fixture.actor, None, "new", Some(4))
        .await
        .unwrap();
    assert_eq!(all(fixture).await, "-/other/d");
}

async fn rule_moves_and_its_empty_group_goes(fixture: &Fixture) {
    folder(fixture, "f").await;
    save(fixture, draft("a", "old", Base::New)).await.unwrap();
    save(fixture, draft("b", "new", Base::New)).await.unwrap();
    save(fixture, draft("a", "new", Base::Version(1)))
        .await
        .unwrap();
    assert_eq!(all(fixture).await, "-/new/b -/new/a");
    let rules = fixture.metadata.rules();
    let gone = rules.group(None, "old").await.unwrap_err();
    assert!(
        matches!(
            gone,
            Error::NotFound {
                kind: Kind::RuleGroup,
                ..
            }
        ),
        "{gone}"
    );
    let moved = RuleDraft {
        folder: Placement::Folder("f".into()),
        ..draft("b", "new", Base::Version(1))
    };
    save(fixture, moved).await.unwrap();
    assert_eq!(all(fixture).await, "-/new/a f/new/b");
    assert_eq!(rules.get("a").await.unwrap().place, 0);
    // A save that does not speak of the folder stays in it.
    save(fixture, draft("b", "new", Base::Version(2)))
        .await
        .unwrap();
    assert_eq!(all(fixture).await, "-/new/a f/new/b");
}

async fn rules_go_with_their_folder(fixture: &Fixture) {
    folder(fixture, "f").await;
    let placed = RuleDraft {
        folder: Placement::Folder("f".into()),
        ..draft("a", "g", Base::New)
    };
    save(fixture, placed).await.unwrap();
    let folders = fixture.metadata.folders();
    let full = folders
        .delete(&fixture.actor, "f", Contents::Keep)
        .await
        .unwrap_err();
    assert!(matches!(full, Error::NotEmpty { groups: 1, .. }), "{full}");
    folders
        .delete(&fixture.actor, "f", Contents::Delete)
        .await
        .unwrap();
    assert_eq!(all(fixture).await, "");
}

/// Makes a rule that is no recording rule.
type Edit = fn(&mut RuleFields);

async fn recording_rules_have_no_fields_of_alerts(fixture: &Fixture) {
    let record = |change: fn(&mut RuleFields)| {
        let mut fields = fields(RuleKind::Record, "job:up:sum");
        change(&mut fields);
        RuleDraft {
            fields,
            ..draft("a", "g", Base::New)
        }
    };
    let cases: [(Edit, &str); 5] = [
        (|fields| fields.hold = DurationMs(1), "for"),
        (
            |fields| fields.keep_firing_for = DurationMs(1),
            "keep_firing_for",
        ),
        (
            |fields| drop(fields.annotations.insert("a".into(), "b".into())),
            "annotations",
        ),
        (|fields| fields.expr = "  ".into(), "expr"),
        (|fields| fields.name = String::new(), "record"),
    ];
    for (change, expected) in cases {
        let error = save(fixture, record(change)).await.unwrap_err();
        assert!(
            matches!(error, Error::Invalid { field, .. } if field == expected),
            "{error}"
        );
    }
    let saved = save(fixture, record(|_| ())).await.unwrap();
    assert_eq!(saved.fields.kind, RuleKind::Record);
}
