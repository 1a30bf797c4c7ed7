//! What each route of the server takes: the only place where that is said.

use axum::http::Method;
use metadata::access::Action;
use metadata::access::Action::{
    EditAnnotations, EditDashboards, EditFileRules, EditFolders, EditRules,
    ManageFolderPermissions, ManageOwnAccount, ManageServiceAccounts, ManageTeams, ManageUsers,
    OperateServer, QueryData, ReadAlerts, ReadAnnotations, ReadAudit, ReadDashboards, ReadRules,
    ReadStatus, TestRules, WriteSamples,
};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a route takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Nothing; nobody is asked who they are.
    Open,
    /// Nothing, but it says different things to different people.
    Greets,
    /// What the action takes. Where that depends on a folder, the handler asks again with the folder.
    Ask(Action),
    /// The same, and whoever asks sees only what they may see of it: they are found out even where the
    /// action is open to all. There, what says nothing of anybody is nobody, and refused by nobody.
    Shows(Action),
}
use Rule::{Ask, Greets, Open, Shows};

/// A line of the table: methods, path with the names of its parts, and what they take. `GET` is `HEAD` too.
pub type Line = (&'static str, &'static str, Rule);

/// What the table says of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// This.
    Rule(Rule),
    /// Something of other methods only.
    OtherMethod,
    /// Nothing: nobody may.
    Nothing,
}

/// The table.
#[rustfmt::skip]
pub const TABLE: &[Line] = &[
    // Health, and what monitors and load balancers ask before anything else.
    ("GET", "/-/healthy", Open),
    ("GET", "/-/ready", Open),
    ("GET", "/api/health", Open),
    ("GET", "/version", Open),
    ("GET", "/api/v1/status/walreplay", Open),
    // Prometheus' API.
    ("GET POST", "/api/v1/query", Ask(QueryData)),
    ("GET POST", "/api/v1/query_range", Ask(QueryData)),
    ("GET POST", "/api/v1/query_exemplars", Ask(QueryData)),
    ("GET POST", "/api/v1/format_query", Ask(QueryData)),
    ("GET POST", "/api/v1/parse_query", Ask(QueryData)),
    ("GET POST", "/api/v1/series", Ask(QueryData)),
    ("GET POST", "/api/v1/labels", Ask(QueryData)),
    ("GET", "/api/v1/label/{name}/values", Ask(QueryData)),
    ("GET", "/api/v1/metadata", Ask(QueryData)),
    ("GET", "/federate", Ask(QueryData)),
    ("GET", "/metrics", Ask(QueryData)),
    ("GET", "/metrics/node", Ask(QueryData)),
    ("GET", "/api/v1/targets", Ask(ReadStatus)),
    ("GET", "/api/v1/targets/metadata", Ask(QueryData)),
    ("GET", "/api/v1/targets/relabel_steps", Ask(ReadStatus)),
    ("GET", "/api/v1/scrape_pools", Ask(ReadStatus)),
    ("GET", "/api/v1/scrape_pools/config", Ask(ReadStatus)),
    ("GET", "/api/v1/rules", Shows(ReadAlerts)),
    ("GET", "/api/v1/alerts", Shows(ReadAlerts)),
    ("GET", "/api/v1/alertmanagers", Ask(ReadAlerts)),
    ("GET", "/api/v1/status/buildinfo", Ask(ReadStatus)),
    ("GET", "/api/v1/status/runtimeinfo", Ask(ReadStatus)),
    ("GET", "/api/v1/status/config", Ask(ReadStatus)),
    ("GET", "/api/v1/status/flags", Ask(ReadStatus)),
    ("GET", "/api/v1/status/self_metrics", Ask(ReadStatus)),
    ("GET", "/api/v1/features", Ask(ReadStatus)),
    ("GET", "/api/v1/notifications", Ask(ReadStatus)),
    ("GET", "/api/v1/notifications/live", Ask(ReadStatus)),
    ("GET", "/api/v1/status/tsdb", Ask(ReadStatus)),
    ("GET", "/api/v1/status/tsdb/blocks", Ask(ReadStatus)),
    ("POST", "/api/v1/write", Ask(WriteSamples)),
    ("POST PUT", "/api/v1/admin/tsdb/delete_series", Ask(OperateServer)),
    ("POST PUT", "/api/v1/admin/tsdb/clean_tombstones", Ask(OperateServer)),
    ("POST PUT", "/api/v1/admin/tsdb/snapshot", Ask(OperateServer)),
    ("POST PUT", "/-/reload", Ask(OperateServer)),
    ("POST PUT", "/-/quit", Ask(OperateServer)),
    // Of these two, other methods only say which ones are meant.
    ("GET", "/-/reload", Open),
    ("GET", "/-/quit", Open),
    // Ours.
    ("GET POST", "/api/watchfire/explain", Ask(QueryData)),
    ("POST", "/api/watchfire/query_batch", Ask(QueryData)),
    ("GET", "/api/watchfire/rules", Shows(ReadAlerts)),
    ("GET", "/api/watchfire/rules/groups", Ask(ReadAlerts)),
    ("PUT DELETE", "/api/watchfire/rules/group", Ask(EditRules)),
    ("POST", "/api/watchfire/rules/group/move", Ask(EditRules)),
    ("PUT", "/api/watchfire/rules/group/order", Ask(EditRules)),
    ("POST", "/api/watchfire/rules/rule", Ask(EditRules)),
    ("GET", "/api/watchfire/rules/rule/{uid}", Ask(ReadRules)),
    ("PUT DELETE", "/api/watchfire/rules/rule/{uid}", Ask(EditRules)),
    ("POST", "/api/watchfire/rules/rule/{uid}/move", Ask(EditRules)),
    ("GET", "/api/watchfire/rules/export", Ask(ReadAlerts)),
    ("POST", "/api/watchfire/rules/check", Ask(TestRules)),
    ("POST", "/api/watchfire/rules/preview", Ask(TestRules)),
    ("GET", "/api/watchfire/rules/file", Ask(ReadAlerts)),
    ("PUT", "/api/watchfire/rules/file", Ask(EditFileRules)),
    ("POST", "/api/watchfire/rules/file/diff", Ask(EditFileRules)),
    ("GET", "/api/watchfire/targets", Ask(ReadStatus)),
    ("GET", "/api/watchfire/discovery", Ask(ReadStatus)),
    ("GET", "/api/watchfire/queries", Ask(ReadStatus)),
    ("DELETE", "/api/watchfire/queries/{id}", Ask(OperateServer)),
    ("GET", "/api/watchfire/config", Ask(ReadStatus)),
    ("POST", "/api/watchfire/config/check", Ask(ReadStatus)),
    ("GET", "/api/watchfire/remote", Ask(ReadStatus)),
    ("GET", "/api/watchfire/me", Greets),
    ("GET", "/api/watchfire/audit", Ask(ReadAudit)),
    ("GET POST", "/login", Greets),
    ("GET POST", "/logout", Open),
    // Pages.
    ("GET", "/query", Open),
    ("GET", "/user/{*path}", Open),
    ("GET", "/explore", Open),
    ("GET", "/alerting/list", Open),
    ("GET", "/help", Open),
    ("GET", "/", Shows(ReadDashboards)),
    ("GET", "/dashboards", Ask(ReadDashboards)),
    ("GET", "/d/{uid}", Shows(ReadDashboards)),
    ("GET", "/d/{uid}/{*rest}", Shows(ReadDashboards)),
    // Of people: what they take, each says itself, in words.
    ("GET", "/dashboards/f/{uid}/permissions", Ask(ReadDashboards)),
    ("GET", "/profile", Ask(ReadDashboards)),
    ("GET", "/admin/users", Ask(ReadDashboards)),
    ("GET", "/admin/users/edit/{id}", Ask(ReadDashboards)),
    ("GET", "/admin/audit", Ask(ReadDashboards)),
    ("GET", "/org/teams", Ask(ReadDashboards)),
    ("GET", "/org/teams/edit/{id}", Ask(ReadDashboards)),
    ("GET", "/org/serviceaccounts", Ask(ReadDashboards)),
    ("GET", "/org/serviceaccounts/{id}", Ask(ReadDashboards)),
    ("GET", "/graph", Ask(QueryData)),
    ("GET", "/alerts", Shows(ReadAlerts)),
    ("GET", "/rules", Shows(ReadAlerts)),
    ("GET", "/rules/new", Ask(ReadAlerts)),
    ("GET", "/rules/at", Ask(ReadAlerts)),
    ("GET", "/rules/group", Ask(ReadAlerts)),
    ("GET", "/rules/{uid}", Ask(ReadAlerts)),
    ("GET", "/alertmanager-discovery", Ask(ReadAlerts)),
    ("GET", "/targets", Ask(ReadStatus)),
    ("GET", "/service-discovery", Ask(ReadStatus)),
    ("GET", "/status", Ask(ReadStatus)),
    ("GET", "/tsdb-status", Ask(ReadStatus)),
    ("GET", "/flags", Ask(ReadStatus)),
    ("GET", "/config", Ask(ReadStatus)),
    ("GET", "/queries", Ask(ReadStatus)),
    ("GET", "/remote", Ask(ReadStatus)),
    // Grafana's API.
    ("GET", "/api/frontend/settings", Greets),
    ("POST", "/api/dashboards/db", Ask(EditDashboards)),
    ("POST", "/api/dashboards/import", Ask(EditDashboards)),
    ("POST", "/api/dashboards/calculate-diff", Ask(ReadDashboards)),
    ("GET", "/api/dashboards/home", Ask(ReadDashboards)),
    ("GET", "/api/dashboards/tags", Ask(ReadDashboards)),
    ("GET", "/api/dashboards/uid/{uid}", Ask(ReadDashboards)),
    ("DELETE", "/api/dashboards/uid/{uid}", Ask(EditDashboards)),
    ("GET", "/api/dashboards/uid/{uid}/versions", Ask(ReadDashboards)),
    ("GET", "/api/dashboards/uid/{uid}/versions/{version}", Ask(ReadDashboards)),
    ("POST", "/api/dashboards/uid/{uid}/restore", Ask(EditDashboards)),
    ("GET POST", "/api/dashboards/uid/{uid}/permissions", Ask(ManageFolderPermissions)),
    ("GET", "/api/search", Ask(ReadDashboards)),
    ("GET", "/api/folders", Ask(ReadDashboards)),
    ("POST", "/api/folders", Ask(EditFolders)),
    ("GET", "/api/folders/{uid}", Ask(ReadDashboards)),
    ("PUT DELETE", "/api/folders/{uid}", Ask(EditFolders)),
    ("POST", "/api/folders/{uid}/move", Ask(EditFolders)),
    ("GET POST", "/api/folders/{uid}/permissions", Ask(ManageFolderPermissions)),
    ("GET", "/api/annotations", Ask(ReadAnnotations)),
    ("GET", "/api/annotations/tags", Ask(ReadAnnotations)),
    ("GET", "/api/annotations/{id}", Ask(ReadAnnotations)),
    ("POST", "/api/annotations", Ask(EditAnnotations)),
    ("PUT PATCH DELETE", "/api/annotations/{id}", Ask(EditAnnotations)),
    ("GET PUT", "/api/user", Ask(ManageOwnAccount)),
    ("GET PUT PATCH", "/api/user/preferences", Ask(ManageOwnAccount)),
    ("PUT", "/api/user/password", Ask(ManageOwnAccount)),
    ("GET", "/api/user/stars", Ask(ManageOwnAccount)),
    ("POST DELETE", "/api/user/stars/dashboard/uid/{uid}", Ask(ManageOwnAccount)),
    ("GET", "/api/user/orgs", Ask(ManageOwnAccount)),
    ("GET", "/api/user/teams", Ask(ManageOwnAccount)),
    ("GET", "/api/user/auth-tokens", Ask(ManageOwnAccount)),
    ("POST", "/api/user/revoke-auth-token", Ask(ManageOwnAccount)),
    ("GET", "/api/users", Ask(ManageUsers)),
    ("GET", "/api/users/search", Ask(ManageUsers)),
    ("GET", "/api/users/lookup", Ask(ManageUsers)),
    ("GET PUT", "/api/users/{id}", Ask(ManageUsers)),
    ("POST", "/api/admin/users", Ask(ManageUsers)),
    ("DELETE", "/api/admin/users/{id}", Ask(ManageUsers)),
    ("PUT", "/api/admin/users/{id}/password", Ask(ManageUsers)),
    ("PUT", "/api/admin/users/{id}/permissions", Ask(ManageUsers)),
    ("POST", "/api/admin/users/{id}/disable", Ask(ManageUsers)),
    ("POST", "/api/admin/users/{id}/enable", Ask(ManageUsers)),
    ("POST", "/api/admin/users/{id}/logout", Ask(ManageUsers)),
    ("GET", "/api/admin/users/{id}/auth-tokens", Ask(ManageUsers)),
    ("GET", "/api/org", Ask(ReadDashboards)),
    ("GET", "/api/org/users", Ask(ManageUsers)),
    ("PATCH", "/api/org/users/{id}", Ask(ManageUsers)),
    ("POST", "/api/teams", Ask(ManageTeams)),
    ("GET", "/api/teams/search", Ask(ManageTeams)),
    ("GET PUT DELETE", "/api/teams/{id}", Ask(ManageTeams)),
    ("GET POST", "/api/teams/{id}/members", Ask(ManageTeams)),
    ("DELETE", "/api/teams/{id}/members/{user}", Ask(ManageTeams)),
    ("POST", "/api/serviceaccounts", Ask(ManageServiceAccounts)),
    ("GET", "/api/serviceaccounts/search", Ask(ManageServiceAccounts)),
    ("GET PATCH DELETE", "/api/serviceaccounts/{id}", Ask(ManageServiceAccounts)),
    ("GET POST", "/api/serviceaccounts/{id}/tokens", Ask(ManageServiceAccounts)),
    ("DELETE", "/api/serviceaccounts/{id}/tokens/{token}", Ask(ManageServiceAccounts)),
    ("GET", "/api/datasources", Ask(QueryData)),
    ("GET", "/api/datasources/{id}", Ask(QueryData)),
    ("GET", "/api/datasources/uid/{uid}", Ask(QueryData)),
    ("GET", "/api/datasources/name/{name}", Ask(QueryData)),
    ("GET", "/api/datasources/uid/{uid}/health", Ask(QueryData)),
    ("GET POST", "/api/datasources/uid/{uid}/resources/{*path}", Ask(QueryData)),
    ("GET POST", "/api/datasources/proxy/uid/{uid}/{*path}", Ask(QueryData)),
    ("GET POST", "/api/datasources/proxy/{id}/{*path}", Ask(QueryData)),
    ("POST", "/api/ds/query", Ask(QueryData)),
    // Pictures of panels and dashboards.
    ("GET", "/render/d-solo/{uid}", Ask(ReadDashboards)),
    ("GET", "/render/d-solo/{uid}/{slug}", Ask(ReadDashboards)),
    ("GET", "/render/d/{uid}", Ask(ReadDashboards)),
    ("GET", "/render/d/{uid}/{slug}", Ask(ReadDashboards)),
];

static BY_PATH: LazyLock<HashMap<&'static str, Vec<(&'static str, Rule)>>> = LazyLock::new(|| {
    let mut by_path: HashMap<_, Vec<_>> = HashMap::new();
    for (methods, path, rule) in TABLE {
        for method in methods.split(' ') {
            by_path.entry(*path).or_default().push((method, *rule));
        }
    }
    by_path
});

/// What a route takes, by its method and its path as it was added to the router.
pub fn rule_of(method: &Method, route: &str) -> Found {
    let Some(lines) = BY_PATH.get(route) else {
        return Found::Nothing;
    };
    let method = if *method == Method::HEAD {
        "GET"
    } else {
        method.as_str()
    };
    let line = lines.iter().find(|(have, _)| *have == method);
    line.map_or(Found::OtherMethod, |(_, rule)| Found::Rule(*rule))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_route_stands_twice_in_the_table() {
        let mut seen = HashSet::new();
        for (methods, path, _) in TABLE {
            for method in methods.split(' ') {
                assert!(seen.insert((method, path)), "{method} {path}");
                assert!(method.parse::<Method>().is_ok() && method != "HEAD");
            }
        }
    }

    #[test]
    fn head_is_get_and_what_is_not_there_is_nothing() {
        let is = Found::Rule(Ask(QueryData));
        assert_eq!(rule_of(&Method::HEAD, "/metrics"), is);
        assert_eq!(rule_of(&Method::POST, "/metrics"), Found::OtherMethod);
        assert_eq!(rule_of(&Method::GET, "/metrics/"), Found::Nothing);
    }

    #[test]
    fn nothing_but_login_and_logout_changes_something_without_an_action_that_does() {
        for (methods, path, rule) in TABLE {
            let changes = matches!(rule, Ask(action) | Shows(action) if !action.only_looks());
            let by_other_methods = ["PUT", "PATCH", "DELETE"];
            if by_other_methods
                .iter()
                .any(|method| methods.contains(method))
            {
                assert!(changes, "{methods} {path}");
            }
            if *rule == Open || *rule == Greets {
                let is_login = matches!(*path, "/login" | "/logout");
                assert!(*methods == "GET" || is_login, "{methods} {path}");
            }
        }
    }
}
