//! Where the server is: prefixes of all addresses, several listeners, and how many connections it takes.

use crate::process::{Server, folder, get};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;

/// Status and `Location` of a GET, redirects not followed.
fn location(url: &str) -> (u16, String) {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build();
    let response = ureq::Agent::from(config).get(url).call().unwrap();
    let location = response.headers().get("location");
    let location = location.map_or("", |value| value.to_str().unwrap());
    (response.status().as_u16(), location.to_owned())
}

/// The addresses in a page, of links and files, that are on this server.
fn links(page: &str) -> Vec<&str> {
    let of = |name: &'static str| {
        page.split(name)
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
    };
    let all = of("href=\"").chain(of("src=\"")).chain(of("action=\""));
    all.filter(|link| link.starts_with('/')).collect()
}

#[test]
fn everything_is_below_the_prefix() {
    let folder = tempfile::tempdir().unwrap();
    let flags = [
        "--web.external-url=http://monitoring.example/prom/",
        "--web.enable-lifecycle",
        "--web.page-title=Team X",
    ];
    // Without a file it scrapes itself, below the prefix too.
    let server = Server::start_with(folder.path(), None, &flags);
    assert!(server.url.ends_with("/prom"), "{}", server.url);
    let root = server.url.strip_suffix("/prom").unwrap();
    assert_eq!(location(&format!("{root}/")), (302, "/prom".to_owned()));
    assert_eq!(location(&server.url).0, 200);
    let query = format!("{}/query?g0.expr=up", server.url);
    assert_eq!(location(&query), (307, "/prom/graph?g0.expr=up".to_owned()));
    for outside in ["/metrics", "/graph", "/api/v1/labels", "/-/ready"] {
        assert_eq!(get(&format!("{root}{outside}")).0, 404, "{outside}");
    }
    for inside in ["/metrics", "/-/ready", "/api/v1/labels", "/federate"] {
        assert_eq!(server.get(inside).0, 200, "{inside}");
    }
    assert_eq!(server.post("/-/reload", &[]).0, 200);
    let flags = server.json("/api/v1/status/flags");
    assert_eq!(flags["data"]["web.route-prefix"], "/prom");
    for page in [
        "graph",
        "alerts",
        "rules",
        "targets",
        "service-discovery",
        "status",
        "tsdb-status",
        "flags",
        "config",
        "queries",
        "remote",
        "help",
        "nowhere",
        "alertmanager-discovery",
    ] {
        let (_, body) = server.get(&format!("/{page}"));
        assert!(
            body.contains("· Team X</title>") || page == "graph",
            "{page}: {body}"
        );
        let links = links(&body);
        assert!(links.len() > 5, "{page}: {links:?}");
        let others = links.iter().filter(|link| !link.starts_with("/prom/"));
        assert_eq!(others.count(), 0, "{page}: {links:?}");
    }
    let targets = server.scraped();
    assert!(
        targets.iter().all(|target| target["health"] == "up"),
        "{targets:?}"
    );
}

#[test]
fn behind_a_proxy_that_takes_the_prefix_off_only_links_have_it() {
    let (folder, file) = folder("");
    let flags = [
        "--web.external-url=http://monitoring.example/prom",
        "--web.route-prefix=/",
    ];
    let server = Server::start_with(folder.path(), Some(&file), &flags);
    assert_eq!(server.get("/-/ready").0, 200);
    let (status, page) = server.get("/alerts");
    assert_eq!(status, 200);
    assert!(
        links(&page).iter().all(|link| link.starts_with("/prom/")),
        "{page}"
    );
    assert_eq!(location(&server.url).0, 200);
}

#[test]
fn all_listeners_answer() {
    let (folder, file) = folder("");
    let flags = ["--web.listen-address=127.0.0.1:0"];
    let server = Server::start_with(folder.path(), Some(&file), &flags);
    let second = server.wait_for("the second address", |server| {
        let log = server.later_log();
        let (_, rest) = log.split_once("msg=listening address=")?;
        let (address, _) = rest.split_once('\n')?;
        Some(address.to_owned())
    });
    assert_ne!(second, server.url);
    assert_eq!(get(&format!("{second}/-/ready")).0, 200);
    assert_eq!(server.get("/-/ready").0, 200);
    assert_eq!(server.stop(), Some(0));
}

fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(server.url.strip_prefix("http://").unwrap()).unwrap()
}

const REQUEST: &[u8] = b"GET /-/healthy HTTP/1.1\r\nhost: x\r\n\r\n";

/// Asks and reads the start of the answer.
fn ask(stream: &mut TcpStream) {
    stream.write_all(REQUEST).unwrap();
    let mut start = [0; 12];
    stream.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
    let mut rest = [0; 4096];
    assert!(stream.read(&mut rest).unwrap() > 0);
}

#[test]
fn further_connections_wait_until_one_ends() {
    let (folder, file) = folder("");
    let flags = ["--web.max-connections=1"];
    let server = Server::start_with(folder.path(), Some(&file), &flags);
    let mut first = connect(&server);
    ask(&mut first);
    let mut second = connect(&server);
    second.write_all(REQUEST).unwrap();
    for _ in 0..50 {
        ask(&mut first);
    }
    second.set_nonblocking(true).unwrap();
    let waits = second.read(&mut [0; 16]).unwrap_err();
    assert_eq!(waits.kind(), ErrorKind::WouldBlock);
    second.set_nonblocking(false).unwrap();
    drop(first);
    let mut start = [0; 12];
    second.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
}

#[test]
fn a_request_that_does_not_come_to_its_end_is_cut() {
    let (folder, file) = folder("");
    let flags = ["--web.read-timeout=300ms"];
    let server = Server::start_with(folder.path(), Some(&file), &flags);
    let mut stream = connect(&server);
    ask(&mut stream);
    stream.write_all(b"GET /-/healthy HTTP/1.1\r\n").unwrap();
    // The other side closes, or this would wait for ever.
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!(!rest.starts_with(b"HTTP/1.1 200"));
}

#[test]
fn files_of_the_users_folder_are_served() {
    let (folder, file) = folder("");
    std::fs::write(folder.path().join("logo.svg"), "<svg/>").unwrap();
    let flags = ["--web.user-assets=."];
    let server = Server::start_with(folder.path(), Some(&file), &flags);
    assert_eq!(server.get("/user/logo.svg"), (200, "<svg/>".to_owned()));
    assert_eq!(server.get("/user/none.svg").0, 404);
}
