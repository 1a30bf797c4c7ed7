//! Whom a request goes through.

use config::ProxyConfig;
use http::Uri;
use std::net::IpAddr;

/// The proxy for `url`, if it goes through one.
pub(crate) fn proxy_for(config: &ProxyConfig, url: &Uri) -> Option<Uri> {
    let variable = |names: [&str; 2]| {
        let set = names.iter().find_map(|name| std::env::var(name).ok());
        set.filter(|value| !value.is_empty())
    };
    choose(config, url, &variable)
}

type Variable<'a> = &'a dyn Fn([&str; 2]) -> Option<String>;

fn choose(config: &ProxyConfig, url: &Uri, variable: Variable<'_>) -> Option<Uri> {
    let secure = url.scheme_str() == Some("https");
    let (proxy, exceptions) = if config.from_environment {
        let names = if secure {
            ["HTTPS_PROXY", "https_proxy"]
        } else {
            ["HTTP_PROXY", "http_proxy"]
        };
        let exceptions = variable(["NO_PROXY", "no_proxy"]).unwrap_or_default();
        (variable(names)?, Some(exceptions))
    } else {
        let proxy = config.url.as_ref()?.expose().to_owned();
        (
            proxy,
            Some(config.no_proxy.clone()).filter(|list| !list.is_empty()),
        )
    };
    // This machine is never asked for through a proxy that exceptions are known for.
    let direct = exceptions.is_some_and(|list| is_local(url) || is_excepted(&list, url));
    let proxy = if proxy.contains("://") {
        proxy
    } else {
        format!("http://{proxy}")
    };
    proxy.parse().ok().filter(|_| !direct)
}

pub(crate) fn host(url: &Uri) -> &str {
    let host = url.host().unwrap_or("");
    host.trim_start_matches('[').trim_end_matches(']')
}

pub(crate) fn port(url: &Uri) -> u16 {
    let usual = if url.scheme_str() == Some("https") {
        443
    } else {
        80
    };
    url.port_u16().unwrap_or(usual)
}

fn is_local(url: &Uri) -> bool {
    let host = host(url);
    host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Whether one entry of `list` is the host of `url`: a name and all below it, `.name` for those below it
/// only, an address, a network as `10.0.0.0/8`, each with a port if only that is meant, or `*`.
fn is_excepted(list: &str, url: &Uri) -> bool {
    let (host, port) = (host(url).to_ascii_lowercase(), port(url).to_string());
    let address = host.parse::<IpAddr>().ok();
    list.split(',').map(str::trim).any(|entry| {
        let entry = entry.to_ascii_lowercase();
        if entry == "*" {
            return true;
        }
        if let (Some((network, bits)), Some(address)) = (entry.split_once('/'), address) {
            let network = network.parse::<IpAddr>().ok();
            let bits = bits.parse::<u32>().ok();
            return matches!((network, bits), (Some(network), Some(bits)) if same_network(network, address, bits));
        }
        let (name, wanted_port) = match entry.rsplit_once(':') {
            Some((name, wanted)) if !name.contains(':') || name.ends_with(']') => (name, Some(wanted)),
            _ => (entry.as_str(), None),
        };
        if wanted_port.is_some_and(|wanted| wanted != port) {
            return false;
        }
        let name = name.trim_start_matches('[').trim_end_matches(']');
        let below = name.strip_prefix("*.").or_else(|| name.strip_prefix('.'));
        match below {
            Some(domain) => ends_below(&host, domain),
            None => !name.is_empty() && (host == name || ends_below(&host, name)),
        }
    })
}

fn ends_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|rest| rest.ends_with('.'))
}

fn same_network(network: IpAddr, address: IpAddr, bits: u32) -> bool {
    let wide = |address: IpAddr| match address {
        IpAddr::V4(four) => (u128::from(four.to_bits()) << 96, 32),
        IpAddr::V6(six) => (six.to_bits(), 128),
    };
    let ((a, length), (b, other)) = (wide(network), wide(address));
    let shift = 128_u32.saturating_sub(bits);
    length == other && bits <= length && (bits == 0 || a >> shift == b >> shift)
}

#[cfg(test)]
mod tests {
    use super::*;
    use config::Secret;

    fn through(config: &ProxyConfig, url: &str) -> bool {
        let variable = |names: [&str; 2]| match names[0] {
            "HTTP_PROXY" => Some("proxy:3128".to_owned()),
            "NO_PROXY" => Some("internal".to_owned()),
            _ => None,
        };
        choose(config, &url.parse().unwrap(), &variable).is_some()
    }

    #[test]
    fn exceptions_are_spoken_to_without_the_proxy() {
        let no_proxy = ".example.org,10.0.0.0/8,db:5432,fe80::/10,exact.net";
        let config = ProxyConfig {
            url: Some(Secret::new("http://u:p@proxy:3128")),
            no_proxy: no_proxy.to_owned(),
            ..ProxyConfig::default()
        };
        for (url, expected) in [
            ("http://a.example.org/", false),
            ("http://example.org/", true),
            ("http://10.1.2.3:9100/", false),
            ("http://11.1.2.3:9100/", true),
            ("http://db:5432/", false),
            ("http://db:5433/", true),
            ("http://exact.net/", false),
            ("http://sub.exact.net/", false),
            ("http://inexact.net/", true),
            ("http://[fe80::1]:1/", false),
            ("http://localhost:1/", false),
        ] {
            assert_eq!(through(&config, url), expected, "{url}");
        }
    }

    #[test]
    fn the_environment_names_proxies_by_scheme() {
        let config = ProxyConfig {
            from_environment: true,
            ..ProxyConfig::default()
        };
        assert!(through(&config, "http://a/") && !through(&config, "https://a/"));
        assert!(!through(&config, "http://internal/") && !through(&config, "http://127.0.0.1/"));
        assert!(!through(&ProxyConfig::default(), "http://a/"));
    }
}
