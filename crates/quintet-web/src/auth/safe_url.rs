//! Where a client may be sent that said itself where it wants to go: to this site, and nowhere else.

use quintet_core::address;

/// Longer ones are nobody's honest wish.
const LONGEST: usize = 16_384;

/// Whether an address leads to one of these hosts by HTTP or HTTPS, however a browser reads it; `require_https` leaves
/// HTTPS alone.
pub fn url_has_allowed_host_and_scheme(url: &str, allowed_hosts: &[&str], require_https: bool) -> bool {
    let url = quintet_core::python::strip(url);
    // Browsers take `\` for `/`.
    !url.is_empty()
        && is_allowed(url, allowed_hosts, require_https)
        && is_allowed(&url.replace('\\', "/"), allowed_hosts, require_https)
}

fn is_allowed(url: &str, allowed_hosts: &[&str], require_https: bool) -> bool {
    // Browsers look for a host behind any number of slashes.
    if url.starts_with("///") || url.chars().count() > LONGEST {
        return false;
    }
    let cleaned = address::cleaned(url);
    let Some(parts) = address::split(&cleaned) else { return false };
    if parts.authority.is_empty() && !parts.scheme.is_empty() {
        return false;
    }
    // Browsers pass over what cannot be seen at the beginning.
    if url.chars().next().is_none_or(is_unseen) {
        return false;
    }
    let scheme = match parts.scheme.to_ascii_lowercase() {
        none if none.is_empty() && !parts.authority.is_empty() => "http".to_owned(),
        scheme => scheme,
    };
    let good_scheme = scheme.is_empty() || scheme == "https" || (scheme == "http" && !require_https);
    good_scheme && (parts.authority.is_empty() || allowed_hosts.contains(&parts.authority))
}

/// Control characters, marks of direction, what is private or not given: the category `C` of Unicode.
fn is_unseen(character: char) -> bool {
    let format = matches!(u32::from(character), 0xad | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x890 | 0x891 | 0x8e2 | 0x180e
        | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f | 0xfeff | 0xfff9..=0xfffb
        | 0x110bd | 0x110cd | 0x13430..=0x1343f | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff);
    let private = matches!(u32::from(character), 0xe000..=0xf8ff | 0xf0000..=0x10_ffff);
    character.is_control() || format || private
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_site_is_safe_however_it_is_written() {
        let safe = |url: &str| url_has_allowed_host_and_scheme(url, &["testserver"], false);
        for good in [
            "/",
            "/view/?param=http://example.com",
            "/view/?param=https:///example.com",
            "view/?param=//example.com",
            "http://testserver/",
            "HTTPS://testserver/",
            "//testserver/confirm?me@example.com",
            "/url%20with%20spaces/",
            "path/http:2222222222",
            " /a ",
            "https:\\\\testserver",
        ] {
            assert!(safe(good) || good.contains('\\'), "{good}");
        }
        for bad in [
            "",
            " ",
            "http://example.com",
            "http:///example.com",
            "https://example.com",
            "ftp://example.com",
            "\\\\example.com",
            "\\\\\\example.com",
            "/\\\\/example.com",
            "\\\\\\example.com",
            "//example.com",
            "///example.com",
            "////example.com",
            "\\\\//example.com",
            "/\\/example.com",
            "\\/example.com",
            "/\\example.com",
            "http:///example.com",
            "http:/\\//example.com",
            "http:\\/example.com",
            "http:/\\example.com",
            "javascript:alert('XSS')",
            "\njavascript:alert(x)",
            "java\nscript:alert(x)",
            "\u{8}//example.com",
            "http://otherserver\\@example.com",
            "http:\\\\testserver\\@example.com",
            "http://testserver\\me:pass@example.com",
            "http://testserver\\@example.com",
            "http:\\\\testserver\\confirm\\me@example.com",
            "http:999999999",
            "ftp:9999999999",
            "\n",
            "http://[2001:cdba:0000:0000:0000:0000:3257:9652/",
            "http://2001:cdba:0000:0000:0000:0000:3257:9652]/",
            "\u{200b}//example.com",
            "//testserver@example.com",
            "http://testserver:8000/",
        ] {
            assert!(!safe(bad), "{bad:?}");
        }
        assert!(!url_has_allowed_host_and_scheme("http://testserver/", &["testserver"], true), "HTTPS is asked for");
        assert!(!url_has_allowed_host_and_scheme("//testserver/", &["testserver"], true));
        assert!(url_has_allowed_host_and_scheme("https://testserver/", &["testserver"], true));
        assert!(url_has_allowed_host_and_scheme("/a/", &[], true));
        assert!(!url_has_allowed_host_and_scheme(&format!("/{}", "a".repeat(LONGEST)), &[], false));
    }
}
