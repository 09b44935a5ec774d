//! The passwords that everybody tries first.
//!
//! Of each the file holds the first five bytes of the SHA-256, in order: enough to know one of them by, and no list that
//! somebody would read. A password that is not among them is taken for one of them once in fifty million.

use aws_lc_rs::digest::{SHA256, digest};
use quintet_core::python::strip;

const KNOWN: &[u8] = include_bytes!("common_passwords.bin");
const LENGTH: usize = 5;

/// Whether it is one of them, whatever its case.
pub(super) fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let digest = digest(&SHA256, strip(&lower).as_bytes());
    let wanted = &digest.as_ref()[..LENGTH];
    let (mut low, mut high) = (0, KNOWN.len() / LENGTH);
    while low < high {
        let middle = low.midpoint(high);
        match KNOWN[middle * LENGTH..][..LENGTH].cmp(wanted) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
            std::cmp::Ordering::Equal => return true,
        }
    }
    false
}
