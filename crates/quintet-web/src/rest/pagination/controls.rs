//! What a page offers to get from one page of a list to another.

use quintet_core::json::Json;

/// The ways to other pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageControls {
    /// The parameter that says which page.
    pub param: Option<String>,
    /// How many rows there are on all pages, where that is known.
    pub count: Option<u64>,
    /// The address of the page before.
    pub previous: Option<String>,
    /// The address of the next page.
    pub next: Option<String>,
    /// Some of the pages by number; `None` stands for those that are left out.
    pub pages: Vec<Option<PageLink>>,
}

/// A page by its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageLink {
    /// The number.
    pub number: u64,
    /// The address.
    pub url: String,
    /// Whether it is the page that is shown.
    pub is_current: bool,
}

/// What the usual envelope says.
pub(super) fn before_and_after(answer: &Json) -> Option<PageControls> {
    let Json::Object(members) = answer else { return None };
    if !members.iter().any(|(_, value)| matches!(value, Json::List(_))) {
        return None;
    }
    let link = |name: &str| match members.get(name) {
        Some(Json::Text(url)) => Some(url.clone()),
        _ => None,
    };
    let count = match members.get("count") {
        Some(Json::Int(count)) => u64::try_from(*count).ok(),
        _ => None,
    };
    Some(PageControls { param: None, count, previous: link("previous"), next: link("next"), pages: vec![] })
}

/// The numbers that are worth a link: the first two, the last two, and those beside the current one.
pub(super) fn numbers(current: u64, last: u64, link: impl Fn(u64) -> String) -> Vec<Option<PageLink>> {
    let mut shown = vec![];
    let mut before = 0;
    for number in near(current, last) {
        if number > before + 1 {
            shown.push(None);
        }
        shown.push(Some(PageLink { number, url: link(number), is_current: number == current }));
        before = number;
    }
    shown
}

fn near(current: u64, last: u64) -> Vec<u64> {
    let around = current.saturating_sub(1)..=current.saturating_add(1);
    let mut all: Vec<u64> = [1, 2, last.saturating_sub(1), last].into_iter().chain(around).collect();
    all.retain(|number| (1..=last).contains(number));
    all.sort_unstable();
    all.dedup();
    // A gap of one number is that number.
    let gaps: Vec<u64> = all.windows(2).filter(|pair| pair[1] - pair[0] == 2).map(|pair| pair[0] + 1).collect();
    all.extend(gaps);
    all.sort_unstable();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn far_pages_are_left_out() {
        let shown = |current, last| {
            let numbers = numbers(current, last, |_| String::new());
            numbers.iter().map(|page| page.as_ref().map_or(0, |page| page.number)).collect::<Vec<_>>()
        };
        assert_eq!(shown(1, 1), [1]);
        assert_eq!(shown(1, 4), [1, 2, 3, 4]);
        assert_eq!(shown(50, 100), [1, 2, 0, 49, 50, 51, 0, 99, 100]);
        assert_eq!(shown(4, 9), [1, 2, 3, 4, 5, 0, 8, 9]);
        assert_eq!(shown(u64::MAX, u64::MAX).last(), Some(&u64::MAX));
    }
}
