//! How long a session lives: as the settings say, or as its own data say.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use quintet_core::json::Json;
use quintet_core::python::time::parse_datetime;

use super::Sessions;
use crate::http::iso_date;

/// Where the data say it.
pub(super) const NAME: &str = "_session_expiry";

/// How long a session lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// As the settings say.
    AsSettings,
    /// Until the browser is closed.
    AtBrowserClose,
    /// So long after it was last changed; whole seconds.
    After(Duration),
    /// Until this moment.
    At(SystemTime),
}

impl Expiry {
    /// What stands in the data; nothing for the settings' own.
    pub(super) fn to_json(self) -> Option<Json> {
        match self {
            Self::AsSettings => None,
            Self::AtBrowserClose => Some(Json::Int(0)),
            Self::After(age) => Some(Json::from(age.as_secs())),
            Self::At(moment) => Some(Json::Text(iso(moment))),
        }
    }

    /// The seconds that are left of a session with these data; fewer than none, where its time is over.
    pub(super) fn age(said: Option<&Json>, settings: &Sessions, now: SystemTime) -> i64 {
        let usual = || i64::try_from(settings.cookie_age.as_secs()).unwrap_or(i64::MAX);
        match said {
            Some(Json::Int(seconds)) if *seconds != 0 => *seconds,
            #[allow(clippy::cast_possible_truncation, reason = "whole seconds, and a range that no session reaches")]
            Some(Json::Float(seconds)) if *seconds != 0.0 => *seconds as i64,
            Some(Json::Bool(true)) => 1,
            Some(Json::Text(text)) => match micros(text) {
                Some(until) => (until - since_epoch(now)).div_euclid(1_000_000),
                None => usual(),
            },
            _ => usual(),
        }
    }

    /// When a session with these data is over, in microseconds since 1970.
    pub(super) fn date(said: Option<&Json>, settings: &Sessions, now: SystemTime) -> i64 {
        if let Some(Json::Text(text)) = said
            && let Some(until) = micros(text)
        {
            return until;
        }
        let age = Self::age(said, settings, now).saturating_mul(1_000_000);
        since_epoch(now).saturating_add(age).clamp(-LAST, LAST)
    }

    /// Whether the cookie of a session with these data goes with the browser.
    pub(super) fn is_browsers(said: Option<&Json>, settings: &Sessions) -> bool {
        match said {
            None | Some(Json::Null) => settings.expire_at_browser_close,
            Some(Json::Int(0) | Json::Bool(false)) => true,
            Some(Json::Float(seconds)) => *seconds == 0.0,
            Some(_) => false,
        }
    }
}

/// The end of the year 9999: no database has a later moment.
const LAST: i64 = 253_402_300_799_000_000;

pub(super) fn since_epoch(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
    i64::try_from(since).unwrap_or(LAST)
}

/// As the reference's language writes a moment: fractions only where there are any.
fn iso(moment: SystemTime) -> String {
    let text = iso_date(moment);
    let seconds = text.split('.').next().unwrap_or_default();
    match since_epoch(moment) % 1_000_000 {
        0 => format!("{seconds}+00:00"),
        micros => format!("{seconds}.{micros:06}+00:00"),
    }
}

/// A moment that was written; in UTC, where it does not say in which zone.
fn micros(text: &str) -> Option<i64> {
    let moment = parse_datetime(text).ok()?;
    Some(moment.local.and_utc().timestamp_micros() - moment.offset.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> SystemTime {
        UNIX_EPOCH + Duration::from_micros(1_700_000_000_250_000)
    }

    fn age(said: &Json) -> i64 {
        Expiry::age(Some(said), &Sessions::default(), now())
    }

    #[test]
    fn what_the_data_say_counts_and_nothing_is_as_the_settings_say() {
        const TWO_WEEKS: i64 = 1_209_600;
        assert_eq!(Expiry::age(None, &Sessions::default(), now()), TWO_WEEKS);
        for nothing in
            [Json::Null, Json::Int(0), Json::Float(0.0), Json::Bool(false), Json::from(""), Json::from("soon")]
        {
            assert_eq!(age(&nothing), TWO_WEEKS, "{nothing:?}");
        }
        assert_eq!((age(&Json::Int(60)), age(&Json::Int(-60)), age(&Json::Float(1.5))), (60, -60, 1));
        let until = Expiry::At(now() + Duration::from_secs(10)).to_json().expect("a text");
        assert_eq!(until, Json::from("2023-11-14T22:13:30.250000+00:00"));
        assert_eq!((age(&until), Expiry::date(Some(&until), &Sessions::default(), now())), (10, 1_700_000_010_250_000));
        assert_eq!(age(&Json::from("2023-11-14T22:13:20+00:00")), -1, "a begun second is gone");
        assert_eq!(age(&Json::from("2023-11-15T00:13:30+02:00")), 9);
        assert_eq!(Expiry::date(None, &Sessions::default(), now()), 1_701_209_600_250_000);
    }

    #[test]
    fn nothing_and_zero_are_not_the_same_for_the_browser() {
        let closing = Sessions { expire_at_browser_close: true, ..Sessions::default() };
        let is = |said: Option<Json>, settings: &Sessions| Expiry::is_browsers(said.as_ref(), settings);
        assert!(!is(None, &Sessions::default()) && is(None, &closing));
        assert!(is(Some(Json::Int(0)), &Sessions::default()) && !is(Some(Json::Int(9)), &closing));
    }
}
