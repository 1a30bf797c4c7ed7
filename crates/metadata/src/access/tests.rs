//! The whole table: every action, for everybody, in folders of every kind.

use super::*;

const OPEN: Policy = Policy {
    login_required: false,
};
const CLOSED: Policy = Policy {
    login_required: true,
};

fn user(role: Role) -> Principal {
    Principal::User {
        id: UserId(7),
        login: "ann".into(),
        role,
        teams: vec![TeamId(3)],
    }
}

fn machine(role: Role) -> Principal {
    Principal::ServiceAccount {
        id: 1,
        name: "robot".into(),
        role,
    }
}

fn grant(subject: Subject, permission: Permission) -> Grant {
    Grant {
        subject,
        permission,
    }
}

/// One letter per principal: anonymous (open server), anonymous (login required), local, then viewer,
/// editor, admin as users, then as service accounts. `+` is yes, `?` a login is needed, `-` is no.
fn line(action: Action, grants: &[Grant]) -> String {
    let asks = [
        (OPEN, Principal::Anonymous),
        (CLOSED, Principal::Anonymous),
        (OPEN, Principal::Local),
        (CLOSED, user(Role::Viewer)),
        (CLOSED, user(Role::Editor)),
        (CLOSED, user(Role::Admin)),
        (CLOSED, machine(Role::Viewer)),
        (CLOSED, machine(Role::Editor)),
        (CLOSED, machine(Role::Admin)),
    ];
    asks.iter()
        .map(|(policy, principal)| {
            let decision = decide(*policy, principal, action, grants);
            if let Principal::User { .. } | Principal::ServiceAccount { .. } = principal {
                // Whether looking is open makes no difference to who has logged in.
                assert_eq!(decision, decide(OPEN, principal, action, grants));
            }
            match decision {
                Decision::Allow => '+',
                Decision::LoginNeeded => '?',
                Decision::Forbidden => '-',
            }
        })
        .collect()
}

/// Actions with the expected line in: a folder with the default grants | a folder for editors only |
/// a folder for nobody | a folder where viewers may do all | one that grants Ann View | Ann's team Edit |
/// Ann Admin | somebody else Admin.
const TABLE: &str = "
UseLogin                +++++++++ +++++++++ +++++++++ +++++++++ +++++++++ +++++++++ +++++++++ +++++++++
QueryData               +?+++++++ +?+++++++ +?+++++++ +?+++++++ +?+++++++ +?+++++++ +?+++++++ +?+++++++
ReadStatus              +?+++++++ +?+++++++ +?+++++++ +?+++++++ +?+++++++ +?+++++++ +?+++++++ +?+++++++
ReadAlerts              +?+++++++ +?+++++++ +?+++++++ +?+++++++ +?+++++++ +?+++++++ +?+++++++ +?+++++++
ReadRules               +?+++++++ ??+-++-++ ???--+--+ +?+++++++ ???+++--+ ???+++--+ ???+++--+ ???--+--+
ReadDashboards          +?+++++++ ??+-++-++ ???--+--+ +?+++++++ ???+++--+ ???+++--+ ???+++--+ ???--+--+
ReadAnnotations         +?+++++++ ??+-++-++ ???--+--+ +?+++++++ ???+++--+ ???+++--+ ???+++--+ ???--+--+
RenderPanels            +?+++++++ ??+-++-++ ???--+--+ +?+++++++ ???+++--+ ???+++--+ ???+++--+ ???--+--+
EditDashboards          ??+-++-++ ??+-++-++ ???--+--+ ??+++++++ ???--+--+ ???+++--+ ???+++--+ ???--+--+
EditAnnotations         ??+-++-++ ??+-++-++ ???--+--+ ??+++++++ ???--+--+ ???+++--+ ???+++--+ ???--+--+
EditRules               ??+-++-++ ??+-++-++ ???--+--+ ??+++++++ ???--+--+ ???+++--+ ???+++--+ ???--+--+
EditFolders             ??+-++-++ ??+-++-++ ???--+--+ ??+++++++ ???--+--+ ???+++--+ ???+++--+ ???--+--+
ManageFolderPermissions ???--+--+ ???--+--+ ???--+--+ ??+++++++ ???--+--+ ???--+--+ ???+++--+ ???--+--+
EditFileRules           ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++
EditSilences            ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++
TestRules               ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++
WriteSamples            ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++ ??+-++-++
ManageOwnAccount        ???+++--- ???+++--- ???+++--- ???+++--- ???+++--- ???+++--- ???+++--- ???+++---
ManageUsers             ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+
ManageTeams             ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+
ManageServiceAccounts   ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+
ReadAudit               ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+
EditConfiguration       ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+ ???--+--+
OperateServer           ??+--+--+ ??+--+--+ ??+--+--+ ??+--+--+ ??+--+--+ ??+--+--+ ??+--+--+ ??+--+--+
";

#[test]
fn every_action_is_decided_as_the_table_says() {
    let folders: [Vec<Grant>; 8] = [
        DEFAULT_GRANTS.to_vec(),
        vec![grant(Subject::Role(Role::Editor), Permission::Edit)],
        vec![],
        vec![grant(Subject::Role(Role::Viewer), Permission::Admin)],
        vec![grant(Subject::User(UserId(7)), Permission::View)],
        vec![grant(Subject::Team(TeamId(3)), Permission::Edit)],
        vec![grant(Subject::User(UserId(7)), Permission::Admin)],
        vec![
            grant(Subject::User(UserId(8)), Permission::Admin),
            grant(Subject::Team(TeamId(4)), Permission::Admin),
        ],
    ];
    let mut actual = String::from("\n");
    for action in Action::ALL {
        let cells: Vec<String> = folders.iter().map(|grants| line(*action, grants)).collect();
        actual.extend([format!(
            "{:23} {}\n",
            format!("{action:?}"),
            cells.join(" ")
        )]);
    }
    assert_eq!(actual, TABLE, "got:{actual}");
}

#[test]
fn strongest_of_several_grants_counts() {
    let grants = [
        grant(Subject::User(UserId(7)), Permission::View),
        grant(Subject::Team(TeamId(3)), Permission::Edit),
        grant(Subject::Role(Role::Viewer), Permission::View),
    ];
    let permission = permission_in(&user(Role::Viewer), &grants);
    assert_eq!(permission, Some(Permission::Edit));
}

#[test]
fn nothing_that_changes_something_is_open_to_the_anonymous() {
    for action in Action::ALL.iter().filter(|action| !action.only_looks()) {
        let grants = [grant(Subject::Role(Role::Viewer), Permission::Admin)];
        let decision = decide(OPEN, &Principal::Anonymous, *action, &grants);
        assert_eq!(decision, Decision::LoginNeeded, "{action:?}");
    }
}

#[test]
fn permissions_are_the_numbers_of_grafana() {
    for (permission, number) in [
        (Permission::View, 1),
        (Permission::Edit, 2),
        (Permission::Admin, 4),
    ] {
        assert_eq!(permission.number(), number);
        assert_eq!(Permission::from_number(number), Some(permission));
    }
    assert_eq!(Permission::from_number(3), None);
}
