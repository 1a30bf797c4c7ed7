//! Targets that mean harm, or are just broken, over real sockets: each is down with a reason, and the good one
//! beside them notices nothing.

use crate::process::{Server, encode, folder};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the server may hold at most: the largest page of all is 256 MiB, and is copied as its buffer grows.
const MOST_MEMORY_KB: u64 = 1536 << 10;

type Answer = Arc<dyn Fn(&mut TcpStream) -> std::io::Result<()> + Send + Sync>;

/// Answers every request on a port of its own; an answer that cannot be sent is given up.
struct Target {
    address: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Target {
    fn serve(
        answer: impl Fn(&mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let (answer, seen): (Answer, _) = (Arc::new(answer), Arc::clone(&heads));
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let (answer, seen) = (Arc::clone(&answer), Arc::clone(&seen));
                std::thread::spawn(move || {
                    let mut head = Vec::new();
                    let mut byte = [0];
                    while !head.ends_with(b"\r\n\r\n") {
                        match connection.read(&mut byte) {
                            Ok(1) => head.push(byte[0]),
                            _ => return,
                        }
                    }
                    let head = String::from_utf8(head).unwrap();
                    seen.lock().unwrap().push(head);
                    let _ = answer(&mut connection);
                });
            }
        });
        Self { address, heads }
    }

    /// A target whose answer is always these bytes.
    fn bytes(bytes: Vec<u8>) -> Self {
        Self::serve(move |stream| stream.write_all(&bytes))
    }
}

/// A whole answer with status 200.
fn ok(headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut out = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n"
    )
    .into_bytes();
    out.extend_from_slice(body);
    out
}

const DEADLINE: &str = "context deadline exceeded";
const TEXT: &str = "Content-Type: text/plain\r\n";
const BEGUN: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";

/// One byte after the other until nobody listens any more.
fn drip(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    for byte in bytes.iter().cycle() {
        stream.write_all(std::slice::from_ref(byte))?;
        stream.flush()?;
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// A body that never ends.
fn endless(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(BEGUN)?;
    let page = "a_metric 1\n".repeat(5_000);
    let chunk = format!("{:x}\r\n{page}\r\n", page.len());
    loop {
        stream.write_all(chunk.as_bytes())?;
    }
}

/// Jobs of a configuration.
#[derive(Default)]
struct Jobs {
    text: String,
    expected: Vec<(&'static str, &'static str)>,
}

impl Jobs {
    /// A target that is down with `reason`.
    fn add(&mut self, job: &'static str, target: &Target, settings: &str, reason: &'static str) {
        let address = &target.address;
        write!(
            self.text,
            "- job_name: {job}\n{settings}  static_configs: [{{targets: ['{address}']}}]\n"
        )
        .unwrap();
        self.expected.push((job, reason));
    }
}

/// The most memory that the process had.
fn peak_memory_kb(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.unwrap().trim().trim_end_matches(" kB");
    number.parse().unwrap()
}

fn number(server: &Server, expression: &str) -> f64 {
    let answer = server.query(expression);
    let value = answer[0]["value"][1].as_str();
    value.map_or(0.0, |value| value.parse().unwrap())
}

/// Waits until the good target was scraped so many times more, always well.
fn goes_on(server: &Server) {
    let scrapes = |server: &Server| number(server, "count_over_time(good[1h])");
    let before = scrapes(server);
    server.wait_for("further scrapes of the good target", |server| {
        (scrapes(server) >= before + 3.0).then_some(())
    });
    assert_eq!(number(server, "min_over_time(up{job=\"good\"}[1h])"), 1.0);
}

/// Targets that take their time.
fn add_slow(jobs: &mut Jobs) {
    let slow_head = Target::serve(|stream| drip(stream, b"HTTP/1.1 200 OK\r\nx: y\r\n"));
    jobs.add("slow_head", &slow_head, "", DEADLINE);
    let slow_body = Target::serve(|stream| {
        stream.write_all(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 99999\r\n\r\n",
        )?;
        drip(stream, b"a 1\n")
    });
    jobs.add("slow_body", &slow_body, "", DEADLINE);
    let silent = Target::serve(|stream| stream.read(&mut [0]).map(drop));
    jobs.add("silent", &silent, "", DEADLINE);
}

/// Targets that send too much.
fn add_large(jobs: &mut Jobs) {
    let bounded = Target::serve(endless);
    let limit = "  body_size_limit: 1MB\n";
    jobs.add(
        "bounded",
        &bounded,
        limit,
        "body size limit exceeded (limit: 1048576 bytes)",
    );
    let head = Target::serve(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
        loop {
            stream.write_all(&b"x: y\r\n".repeat(1_000))?;
        }
    });
    jobs.add("endless_head", &head, "", "failed: ");
    let mut zeros = GzEncoder::new(Vec::new(), Compression::fast());
    zeros.write_all(&vec![b'\n'; 4 << 20]).unwrap();
    let gzip = zeros.finish().unwrap().repeat(64);
    let gzip = Target::bytes(ok(&format!("{TEXT}Content-Encoding: gzip\r\n"), &gzip));
    jobs.add("gzip_bomb", &gzip, "", "100 times as many");
    let zstd = zstd::encode_all(&vec![b'\n'; 64 << 20][..], 1)
        .unwrap()
        .repeat(16);
    let zstd = Target::bytes(ok(&format!("{TEXT}Content-Encoding: zstd\r\n"), &zstd));
    jobs.add("zstd_bomb", &zstd, "", "100 times as many");
    let long = format!("long{{l=\"{}\"}} 1\n", "x".repeat(10 << 20));
    let long = Target::bytes(ok(TEXT, long.as_bytes()));
    jobs.add("long_value", &long, "", "label_value_length_limit exceeded");
    let limit = "  label_value_length_limit: 1000\n";
    jobs.add(
        "longer_value",
        &long,
        limit,
        "length: 10485760, limit: 1000",
    );
}

/// Targets that send something else than a page.
fn add_odd(jobs: &mut Jobs) {
    let damaged = Target::bytes(ok(&format!("{TEXT}Content-Encoding: gzip\r\n"), b"a 1\n"));
    jobs.add("damaged", &damaged, "", "cannot decompress the answer");
    let brotli = Target::bytes(ok(&format!("{TEXT}Content-Encoding: br\r\n"), b"a 1\n"));
    jobs.add("brotli", &brotli, "", "unsupported Content-Encoding `br`");
    let html = Target::bytes(ok("Content-Type: text/html\r\n", b"a 1\n"));
    jobs.add("html", &html, "", "unsupported Content-Type `text/html`");
    let none = Target::bytes(ok("", b"a 1\n"));
    jobs.add("no_type", &none, "", "no Content-Type");
    let protobuf = "Content-Type: application/vnd.google.protobuf\r\n";
    let protobuf = Target::bytes(ok(protobuf, b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
    jobs.add("protobuf", &protobuf, "", "protobuf message 1: ");
    let noise = Target::bytes(b"\x00\x01 nothing of this is HTTP\r\n\r\n".to_vec());
    jobs.add("noise", &noise, "", "failed: ");
    let gone = Target::serve(|_| Ok(()));
    jobs.add("gone", &gone, "", "failed: ");
    let around = b"HTTP/1.1 302 Found\r\nLocation: /metrics\r\nContent-Length: 0\r\n\r\n".to_vec();
    jobs.add(
        "around",
        &Target::bytes(around),
        "",
        "stopped after 10 redirects",
    );
}

#[test]
fn every_bad_answer_takes_its_own_target_down_with_a_reason_and_no_other() {
    let mut jobs = Jobs::default();
    add_slow(&mut jobs);
    add_large(&mut jobs);
    add_odd(&mut jobs);

    // These are no harm to others either; whether they are up is another matter.
    let other = Target::bytes(ok(TEXT, b"elsewhere 1\n"));
    let to = format!(
        "HTTP/1.1 302 Found\r\nLocation: http://{}/metrics\r\nContent-Length: 0\r\n\r\n",
        other.address
    );
    let redirects = Target::bytes(to.into_bytes());
    let unbounded = Target::serve(endless);
    let good = Target::bytes(ok(TEXT, b"good 1\n"));
    let config = format!(
        "global: {{scrape_interval: 300ms, scrape_timeout: 300ms}}\nscrape_configs:\n{}\
         - job_name: good\n  scrape_interval: 1s\n  scrape_timeout: 1s\n  static_configs: [{{targets: ['{}']}}]\n\
         - job_name: redirects\n  basic_auth: {{username: u, password: secret}}\n  static_configs: [{{targets: ['{}']}}]\n\
         - job_name: unbounded\n  scrape_interval: 1s\n  scrape_timeout: 1s\n  static_configs: [{{targets: ['{}']}}]\n",
        jobs.text, good.address, redirects.address, unbounded.address,
    );
    let (folder, file) = folder(&config);
    let server = Server::start(folder.path(), Some(&file));
    goes_on(&server);
    for (job, reason) in jobs.expected {
        server.wait_for(job, |server| {
            let targets = server.json(&format!("/api/v1/targets?scrapePool={job}"));
            let target = &targets["data"]["activeTargets"][0];
            let error = target["lastError"].as_str()?;
            (target["health"] == "down" && error.contains(reason)).then_some(())
        });
        let others = format!("{{job=\"{job}\", __name__!~\"up|scrape_.*\"}}");
        assert_eq!(server.query(&others), serde_json::json!([]), "{job}");
        assert_eq!(
            number(&server, &format!("max_over_time(up{{job=\"{job}\"}}[1h])")),
            0.0
        );
    }
    server.wait_for("the page elsewhere", |server| {
        (number(server, "elsewhere") == 1.0).then_some(())
    });
    assert!(
        redirects
            .heads
            .lock()
            .unwrap()
            .iter()
            .all(|head| head.contains("Authorization: "))
    );
    assert!(
        other
            .heads
            .lock()
            .unwrap()
            .iter()
            .all(|head| !head.contains("Authorization: "))
    );
    server.wait_for("the endless page", |server| {
        let targets = server.json("/api/v1/targets?scrapePool=unbounded");
        let target = &targets["data"]["activeTargets"][0];
        let error = target["lastError"].as_str()?;
        (error.contains("limit exceeded") || error.contains(DEADLINE)).then_some(())
    });
    goes_on(&server);
    let peak = peak_memory_kb(&server);
    assert!(peak < MOST_MEMORY_KB, "{peak} kB");
}

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

/// Lines that are wrong wherever they stand.
const WRONG: [&str; 8] = [
    "{} 1",
    "a{b=\"c\" 1",
    "a{b=c} 1",
    "a 1 2 3",
    "a{b=\"c\",b=\"d\"} 1",
    "a",
    "a one",
    "a{b=\"\u{0}} 1",
];

/// A page that was whole once: bytes are changed, left out and put in, and one line is wrong for certain.
fn malformed(seed: u64) -> Vec<u8> {
    let mut numbers = Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut page = String::from("# HELP a Help.\n# TYPE a counter\n");
    for index in 0..20 {
        writeln!(
            page,
            "a{{path=\"/{index}\",code=\"200\"}} {index}.5 1700000000000"
        )
        .unwrap();
    }
    let mut page = page.into_bytes();
    for _ in 0..numbers.below(12) {
        let at = numbers.below(page.len());
        let byte = u8::try_from(numbers.below(256)).unwrap();
        match numbers.below(3) {
            0 => page[at] = byte,
            1 => drop(page.remove(at)),
            _ => page.insert(at, byte),
        }
    }
    // A quote that was opened by chance must not swallow it.
    let mut first = format!("{}\n", WRONG[numbers.below(WRONG.len())]).into_bytes();
    first.extend(page);
    first
}

#[test]
fn a_thousand_malformed_pages_store_nothing_and_harm_nobody() {
    const TARGETS: usize = 8;
    const PAGES: usize = 1_000;
    let served = Arc::new(AtomicUsize::new(0));
    let targets: Vec<Target> = (0..TARGETS)
        .map(|_| {
            let served = Arc::clone(&served);
            Target::serve(move |stream| {
                let seed = served.fetch_add(1, Ordering::Relaxed);
                stream.write_all(&ok(TEXT, &malformed(seed as u64 + 1)))
            })
        })
        .collect();
    let good = Target::bytes(ok(TEXT, b"good 1\n"));
    let list: Vec<String> = targets
        .iter()
        .map(|target| format!("'{}'", target.address))
        .collect();
    let config = format!(
        "global: {{scrape_interval: 20ms, scrape_timeout: 20ms}}\nscrape_configs:\n\
         - job_name: malformed\n  static_configs: [{{targets: [{}]}}]\n\
         - job_name: good\n  scrape_interval: 1s\n  scrape_timeout: 1s\n  static_configs: [{{targets: ['{}']}}]\n",
        list.join(", "),
        good.address
    );
    let (folder, file) = folder(&config);
    let server = Server::start(folder.path(), Some(&file));
    server.wait_for("all pages", |_| {
        (served.load(Ordering::Relaxed) >= PAGES).then_some(())
    });
    goes_on(&server);
    let others = "{job=\"malformed\", __name__!~\"up|scrape_.*\"}";
    let path = format!("/api/v1/series?match[]={}", encode(others));
    assert_eq!(server.json(&path)["data"], serde_json::json!([]));
    assert_eq!(
        number(&server, "max(max_over_time(up{job=\"malformed\"}[1h]))"),
        0.0
    );
    let all = server.json("/api/v1/targets?scrapePool=malformed");
    for target in all["data"]["activeTargets"].as_array().unwrap() {
        assert_eq!(target["health"], "down");
        let error = target["lastError"].as_str().unwrap();
        assert!(
            error.starts_with("line ") || error.contains("deadline"),
            "{error}"
        );
    }
}
