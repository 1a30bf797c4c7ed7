use crate::fixture::Fixture;
use std::net::SocketAddr;
use tokio::net::UdpSocket;
use tokio::task::JoinSet;

fn name(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for label in text.split('.').filter(|label| !label.is_empty()) {
        bytes.push(u8::try_from(label.len()).unwrap());
        bytes.extend(label.as_bytes());
    }
    bytes.push(0);
    bytes
}

/// Records of a question: type and name as `33 _s._tcp.x`.
fn records(question: &str) -> Option<Vec<Vec<u8>>> {
    let srv =
        |port: u16, host: &str| [&[0, 1, 0, 2][..], &port.to_be_bytes(), &name(host)].concat();
    match question {
        "33 _m._tcp.wf.test" => Some(vec![srv(9100, "one.wf.test"), srv(9200, "two.wf.test")]),
        "1 a.wf.test" => Some(vec![vec![10, 0, 0, 1], vec![10, 0, 0, 2]]),
        "28 six.wf.test" => Some(vec![[vec![0xfd; 2], vec![0; 13], vec![7]].concat()]),
        "15 mx.wf.test" => Some(vec![[&[0, 5][..], &name("mail.wf.test")].concat()]),
        "2 ns.wf.test" => Some(vec![name("ns1.wf.test")]),
        _ => None,
    }
}

/// Answers questions from [`records`], and those that it does not know with "no such name"; never answers
/// for names that begin with `silent`.
async fn serve() -> (SocketAddr, JoinSet<()>) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let mut buffer = [0; 1500];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            let query = &buffer[..length];
            let mut labels = Vec::new();
            let mut at = 12;
            while query[at] != 0 {
                let end = at + 1 + usize::from(query[at]);
                labels.push(String::from_utf8_lossy(&query[at + 1..end]).to_lowercase());
                at = end;
            }
            let kind = u16::from_be_bytes([query[at + 1], query[at + 2]]);
            let question = &query[12..at + 5];
            if labels[0].starts_with("silent") {
                continue;
            }
            let found = records(&format!("{kind} {}", labels.join(".")));
            let code = if found.is_some() { 0 } else { 3 };
            let found = found.unwrap_or_default();
            let mut answer = query[..2].to_vec();
            answer.extend([
                0x85,
                0x80 | code,
                0,
                1,
                0,
                u8::try_from(found.len()).unwrap(),
                0,
                0,
                0,
                0,
            ]);
            answer.extend(question);
            for data in found {
                answer.extend([0xc0, 12]);
                answer.extend(kind.to_be_bytes());
                answer.extend([0, 1, 0, 0, 0, 60]);
                answer.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
                answer.extend(data);
            }
            socket.send_to(&answer, from).await.unwrap();
        }
    });
    (address, tasks)
}

#[tokio::test]
async fn every_record_type_gives_its_targets_and_labels() {
    let (server, _tasks) = serve().await;
    let cases: [(&str, &[&str]); 6] = [
        (
            "names: [_m._tcp.wf.test]",
            &[
                r#"{__address__="one.wf.test:9100", __meta_dns_name="_m._tcp.wf.test", __meta_dns_srv_record_port="9100", __meta_dns_srv_record_target="one.wf.test."}"#,
                r#"{__address__="two.wf.test:9200", __meta_dns_name="_m._tcp.wf.test", __meta_dns_srv_record_port="9200", __meta_dns_srv_record_target="two.wf.test."}"#,
            ],
        ),
        (
            "names: [a.wf.test], type: A, port: 80",
            &[
                r#"{__address__="10.0.0.1:80", __meta_dns_name="a.wf.test"}"#,
                r#"{__address__="10.0.0.2:80", __meta_dns_name="a.wf.test"}"#,
            ],
        ),
        (
            "names: [six.wf.test], type: AAAA, port: 80",
            &[r#"{__address__="[fdfd::7]:80", __meta_dns_name="six.wf.test"}"#],
        ),
        (
            "names: [mx.wf.test], type: MX, port: 25",
            &[
                r#"{__address__="mail.wf.test:25", __meta_dns_mx_record_target="mail.wf.test.", __meta_dns_name="mx.wf.test"}"#,
            ],
        ),
        (
            "names: [ns.wf.test], type: NS, port: 53",
            &[
                r#"{__address__="ns1.wf.test:53", __meta_dns_name="ns.wf.test", __meta_dns_ns_record_target="ns1.wf.test."}"#,
            ],
        ),
        (
            "names: [unknown.wf.test, a.wf.test], type: a, port: 1",
            &[
                r#"{__address__="10.0.0.1:1", __meta_dns_name="a.wf.test"}"#,
                r#"{__address__="10.0.0.2:1", __meta_dns_name="a.wf.test"}"#,
            ],
        ),
    ];
    for (settings, expected) in cases {
        let fixture = Fixture::new(vec![server]);
        fixture.apply(&format!("  dns_sd_configs: [{{{settings}}}]"));
        fixture.wait_for(expected).await;
        assert!(fixture.metric("prometheus_sd_dns_lookups_total") >= 1.0);
        assert_eq!(
            fixture.metric("prometheus_sd_dns_lookup_failures_total"),
            0.0
        );
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_a_failure_and_is_asked_again() {
    // Bound and never read: the port is nobody else's.
    let silent = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let fixture = Fixture::new(vec![silent.local_addr().unwrap()]);
    fixture.apply(
        "  dns_sd_configs: [{names: [silent.wf.test], type: A, port: 1, refresh_interval: 50ms}]",
    );
    let failed = async {
        while fixture.metric("prometheus_sd_refresh_failures_total") < 1.0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_mins(2), failed)
        .await
        .unwrap();
    assert!(fixture.targets().is_empty());
}
