//! Maps of headers that a request or an answer is done with, for the next ones of the same thread: the room of one is more
//! than the allocator keeps at hand.

use std::cell::RefCell;

use http::HeaderMap;

/// So many are kept by a thread.
const MOST: usize = 64;

/// Room for so many headers is kept, and no more.
const LARGEST: usize = 64;

thread_local! {
    static SPARE: RefCell<Vec<HeaderMap>> = const { RefCell::new(Vec::new()) };
}

/// A map without headers, with room for some.
pub(crate) fn headers() -> HeaderMap {
    let spare = SPARE.with_borrow_mut(Vec::pop);
    spare.unwrap_or_else(|| HeaderMap::with_capacity(8))
}

/// Keeps the room of a map.
pub(crate) fn keep(mut headers: HeaderMap) {
    // Values of one name stand beside the others, in room of their own.
    if !(1..=LARGEST).contains(&headers.capacity()) || headers.len() > LARGEST {
        return;
    }
    // At the end of its thread there is nobody to keep it for.
    let _ = SPARE.try_with(|spare| {
        let mut spare = spare.borrow_mut();
        if spare.len() < MOST {
            headers.clear();
            spare.push(headers);
        }
    });
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::{COOKIE, HOST};

    use super::*;

    #[test]
    fn a_map_comes_back_with_its_room_and_without_its_headers() {
        let mut first = headers();
        first.append(COOKIE, HeaderValue::from_static("one"));
        first.append(COOKIE, HeaderValue::from_static("two"));
        let room = first.capacity();
        keep(first);
        let mut second = headers();
        assert_eq!((second.len(), second.capacity()), (0, room));
        assert!(!second.contains_key(COOKIE));
        second.insert(HOST, HeaderValue::from_static("a"));
        assert_eq!(second.len(), 1);
    }

    #[test]
    fn neither_too_many_nor_too_large_ones_are_kept() {
        SPARE.set(vec![]);
        keep(HeaderMap::with_capacity(1000));
        let mut many = HeaderMap::with_capacity(8);
        for _ in 0..=LARGEST {
            many.append(COOKIE, HeaderValue::from_static("one"));
        }
        keep(many);
        assert_eq!(SPARE.with_borrow(Vec::len), 0);
        (0..2 * MOST).for_each(|_| keep(HeaderMap::with_capacity(8)));
        assert_eq!(SPARE.with_borrow(Vec::len), MOST);
    }
}
