//! Where a text must be looked at: most of it never.

/// Where the first byte is that is a stop. Eight are asked at once whether one of them may be: a control character, a quote, a
/// backslash, or what is beyond ASCII. Nothing else can be.
pub(super) fn stop(text: &[u8], is_stop: impl Fn(&u8) -> bool) -> Option<usize> {
    let (eights, rest) = text.as_chunks::<8>();
    for (number, eight) in eights.iter().enumerate() {
        if may_stop(u64::from_le_bytes(*eight))
            && let Some(at) = eight.iter().position(&is_stop)
        {
            return Some(number * 8 + at);
        }
    }
    rest.iter().position(is_stop).map(|at| eights.len() * 8 + at)
}

/// Whether one of eight bytes may be looked at: the highest bit of each stays unset where it is neither a control character,
/// a quote nor a backslash, nor beyond ASCII. With its second bit turned, a quote is the byte behind the control characters.
const fn may_stop(eight: u64) -> bool {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let low = (eight ^ (EACH * 0x02)).wrapping_sub(EACH * 0x21);
    let backslash = (eight ^ (EACH * 0x5c)).wrapping_sub(EACH);
    (low | backslash | eight) & (EACH * 0x80) != 0
}
