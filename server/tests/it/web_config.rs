//! TLS, users and headers of the server, asked by curl.

use crate::peers::is_installed;
use crate::process::{Server, folder, program};
use rcgen::generate_simple_self_signed;
use std::path::Path;
use std::process::Command;

/// The password `s3cret`, hashed at the least cost.
fn hash() -> String {
    bcrypt::hash("s3cret", 4).unwrap()
}

/// Status and body; status 0 where there is no answer.
fn curl(url: &str, flags: &[&str]) -> (u16, String) {
    let output = Command::new("curl")
        .args(["-s", "-i", "--max-time", "20"])
        .args(flags)
        .arg(url)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let status = text
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    (status.unwrap_or(0), text)
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn only_users_are_let_in_and_over_tls_only() {
    if !is_installed("curl") {
        return;
    }
    let (folder, file) = folder("");
    let (folder, hash) = (folder.path(), hash());
    let own = generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (known, unknown) = (
        generate_simple_self_signed(vec!["me".to_owned()]).unwrap(),
        generate_simple_self_signed(vec!["me".to_owned()]).unwrap(),
    );
    let ca = write(folder, "cert.pem", &own.cert.pem());
    write(folder, "key.pem", &own.signing_key.serialize_pem());
    write(folder, "clients.pem", &known.cert.pem());
    let known_cert = write(folder, "known.pem", &known.cert.pem());
    let known_key = write(folder, "known.key", &known.signing_key.serialize_pem());
    let unknown_cert = write(folder, "unknown.pem", &unknown.cert.pem());
    let unknown_key = write(folder, "unknown.key", &unknown.signing_key.serialize_pem());
    let web = |users: &str| {
        format!(
            "tls_server_config: {{cert_file: cert.pem, key_file: key.pem, client_auth_type: RequireAndVerifyClientCert, client_ca_file: clients.pem, min_version: TLS13}}\nhttp_server_config: {{headers: {{X-Frame-Options: deny}}}}\nbasic_auth_users: {{{users}}}\n"
        )
    };
    let path = write(folder, "web.yml", &web(&format!("alice: '{hash}'")));
    let server = Server::start_with(folder, Some(&file), &[&format!("--web.config.file={path}")]);
    let url = server.url.replace("127.0.0.1", "localhost");
    assert!(url.starts_with("https://"), "{url}");
    let ready = format!("{url}/-/ready");
    let trusted = ["--cacert", &ca, "--cert", &known_cert, "--key", &known_key];
    let (status, text) = curl(&ready, &[&trusted[..], &["-u", "alice:s3cret"]].concat());
    assert_eq!(status, 200, "{text}");
    assert!(
        text.to_lowercase().contains("x-frame-options: deny"),
        "{text}"
    );
    for wrong in ["alice:s3cre", "alice:", "bob:s3cret"] {
        let (status, text) = curl(&ready, &[&trusted[..], &["-u", wrong]].concat());
        assert!(
            status == 401 && text.to_lowercase().contains("www-authenticate: basic"),
            "{wrong} {text}"
        );
    }
    assert_eq!(curl(&ready, &trusted).0, 401);
    let stranger = [
        "--cacert",
        &ca,
        "--cert",
        &unknown_cert,
        "--key",
        &unknown_key,
        "-u",
        "alice:s3cret",
    ];
    assert_eq!(curl(&ready, &stranger).0, 0);
    assert_eq!(curl(&ready, &["--cacert", &ca, "-u", "alice:s3cret"]).0, 0);
    let plain = ready.replace("https://", "http://");
    assert_ne!(curl(&plain, &["-u", "alice:s3cret"]).0, 200);
    // A user who is gone is not let in any more, without a restart.
    write(folder, "web.yml", &web(&format!("carol: '{hash}'")));
    assert_eq!(
        curl(&ready, &[&trusted[..], &["-u", "alice:s3cret"]].concat()).0,
        401
    );
    assert_eq!(
        curl(&ready, &[&trusted[..], &["-u", "carol:s3cret"]].concat()).0,
        200
    );
}

#[test]
fn files_are_checked_before_a_server_reads_them() {
    let (folder, file) = folder(
        "rule_files: [r.yml]\nscrape_configs: [{job_name: a, tls_config: {ca_file: ca.pem}}]\n",
    );
    let check = |what: &str, path: &Path| {
        let output = program().args(["check", what]).arg(path).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).unwrap())
    };
    let (status, text) = check("config", &file);
    assert!(
        status == Some(1)
            && text.contains("  FAILED: ")
            && text.contains("r.yml\" does not point to an existing file"),
        "{text}"
    );
    write(
        folder.path(),
        "r.yml",
        "groups: [{name: g, rules: [{record: a, expr: b}]}]\n",
    );
    let (status, text) = check("config", &file);
    assert!(
        status == Some(1) && text.contains("error checking CA file"),
        "{text}"
    );
    write(folder.path(), "ca.pem", "");
    let (status, text) = check("config", &file);
    assert_eq!(status, Some(0), "{text}");
    assert!(
        text.contains("  SUCCESS: 1 rule files found\n SUCCESS: ")
            && text.contains("is valid prometheus config file syntax"),
        "{text}"
    );
    std::fs::write(&file, "global: {scrape_interval: 1x}\n").unwrap();
    let (status, text) = check("config", &file);
    assert!(
        status == Some(1) && text.contains("prometheus.yml:1: not a valid duration string: \"1x\""),
        "{text}"
    );

    let web = folder.path().join("web.yml");
    std::fs::write(&web, "basic_auth_users: {a: plain}\n").unwrap();
    let (status, text) = check("web-config", &web);
    assert!(
        status == Some(1)
            && text.contains("web.yml:1: the password of user \"a\" is no bcrypt hash"),
        "{text}"
    );
    std::fs::write(&web, format!("basic_auth_users: {{a: '{}'}}\n", hash())).unwrap();
    assert_eq!(check("web-config", &web).0, Some(0));
}
