//! Everything that can be asked for, and what each takes.

use super::{Permission, Role};

/// What an action takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing: open to everybody, always.
    Nothing,
    /// At least this role.
    Role(Role),
    /// At least this permission in the folder of the object.
    Folder(Permission),
    /// A user account, of whatever role: the action is about the user's own things.
    Account,
    /// An administrator, or somebody at the machine itself; the flags of Prometheus that switch such an
    /// action on are asked besides.
    Operator,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident => $need:expr, $looks:literal;)*) => {
        /// Something that can be asked of the server.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Action { $($(#[$doc])* $name,)* }

        impl Action {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// What it takes.
            pub fn need(self) -> Need {
                match self { $(Self::$name => $need,)* }
            }

            /// Whether it changes nothing, so that it may be open without a login.
            pub fn only_looks(self) -> bool {
                match self { $(Self::$name => $looks,)* }
            }
        }
    };
}

actions! {
    /// Health, readiness, the page to log in, the files of the browser.
    UseLogin => Need::Nothing, true;
    /// Queries, labels, series, metadata, exemplars, federation, the server's own metrics.
    QueryData => Need::Role(Role::Viewer), true;
    /// Targets, discovery, configuration, flags, storage, with secrets left out.
    ReadStatus => Need::Role(Role::Viewer), true;
    /// Alerts, silences, and rules that come from files.
    ReadAlerts => Need::Role(Role::Viewer), true;
    /// Rules made in the browser. Object: their folder.
    ReadRules => Need::Folder(Permission::View), true;
    /// Dashboards, their versions, folders and search. Object: the folder.
    ReadDashboards => Need::Folder(Permission::View), true;
    /// Annotations. Object: the folder of their dashboard.
    ReadAnnotations => Need::Folder(Permission::View), true;
    /// Pictures of panels. Object: the folder.
    RenderPanels => Need::Folder(Permission::View), true;
    /// Save, move, delete and restore dashboards. Object: the folder, of a move both.
    EditDashboards => Need::Folder(Permission::Edit), false;
    /// Write, change and delete annotations. Object: the folder of their dashboard.
    EditAnnotations => Need::Folder(Permission::Edit), false;
    /// Make, change and delete rules in the browser. Object: their folder.
    EditRules => Need::Folder(Permission::Edit), false;
    /// Make folders, rename, move and delete them. Object: the folder, of a new one its parent.
    EditFolders => Need::Folder(Permission::Edit), false;
    /// Read and change who may do what in a folder. Object: the folder.
    ManageFolderPermissions => Need::Folder(Permission::Admin), false;
    /// Write rules back to their files.
    EditFileRules => Need::Role(Role::Editor), false;
    /// Make and end silences.
    EditSilences => Need::Role(Role::Editor), false;
    /// Try expressions of rules, templates and receivers out.
    TestRules => Need::Role(Role::Editor), false;
    /// Send samples: remote write, pushed groups.
    WriteSamples => Need::Role(Role::Editor), false;
    /// One's own profile, password, sessions, preferences and stars.
    ManageOwnAccount => Need::Account, false;
    /// Users: list, make, change, disable, delete, their sessions.
    ManageUsers => Need::Role(Role::Admin), false;
    /// Teams and who is in them.
    ManageTeams => Need::Role(Role::Admin), false;
    /// Service accounts and their tokens.
    ManageServiceAccounts => Need::Role(Role::Admin), false;
    /// The audit log.
    ReadAudit => Need::Role(Role::Admin), false;
    /// The configuration of scraping and notification, written.
    EditConfiguration => Need::Role(Role::Admin), false;
    /// Reload, quit, snapshots, deletion of series, profiling.
    OperateServer => Need::Operator, false;
}
