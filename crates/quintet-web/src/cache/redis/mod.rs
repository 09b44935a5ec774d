//! A cache in Redis, as the reference keeps it there: whole numbers as digits, anything else packed.
//!
//! What must be one step is one command, or one script that the server runs as one.

mod client;
mod resp;

use super::away;
use super::backend::{By, CacheBackend, Old, Until, no_number};
use super::url::RedisUrl;
use super::window::{Counted, Window};
use crate::http::{BoxFuture, Error, Result};
use client::{Client, Lost};
use resp::Reply;

/// Entries in Redis.
pub(super) struct Redis {
    client: Client,
    /// What messages call it; no password is in it.
    shown: String,
}

/// Exchanges a value that is still the old one. The third argument is its time in milliseconds, `keep` or `forever`.
const SWAP: &str = "\
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[3] == 'keep' then redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
elseif ARGV[3] == 'forever' then redis.call('SET', KEYS[1], ARGV[2])
else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1";

/// Adds to a number that is there.
const INCR: &str = "\
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
return redis.call('INCRBY', KEYS[1], ARGV[1])";

/// Takes its time from an entry that is there.
const PERSIST: &str = "\
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('PERSIST', KEYS[1])
return 1";

/// Counts in a list of moments, the newest first, that is packed: each number is a `G` and eight bytes. What else stands
/// in a packed list is passed over; what is no list of numbers counts for nothing.
const COUNT: &str = r"
local limit, period, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local packed = redis.call('GET', KEYS[1]) or ''
local log, at = {}, 1
local passed = {[0x80] = 2, [0x95] = 9, [0x5d] = 1, [0x94] = 1, [0x28] = 1, [0x65] = 1, [0x61] = 1}
while at <= #packed do
  local code = string.byte(packed, at)
  if code == 0x47 then
    log[#log + 1] = string.sub(packed, at, at + 8)
    at = at + 9
  elseif code == 0x2e then break
  elseif passed[code] then at = at + passed[code]
  else
    log = {}
    break
  end
end
local function moment(entry) return (struct.unpack('>d', entry, 2)) end
while #log > 0 and moment(log[#log]) <= now - period do log[#log] = nil end
local used = #log
local oldest = used > 0 and string.format('%.17g', moment(log[used])) or ''
if used >= limit then return {0, used, oldest} end
local all = '\128\4](G' .. struct.pack('>d', now) .. table.concat(log) .. 'e.'
redis.call('SET', KEYS[1], all, 'PX', ARGV[4])
return {1, used, oldest}";

/// So many keys are looked for at a time when all are deleted.
const SCANNED: &str = "1000";

impl Redis {
    /// The cache of a URL; nothing is opened yet.
    pub(super) fn new(url: &RedisUrl) -> Result<Self, String> {
        Ok(Self { shown: format!("`{url}`"), client: Client::new(url)? })
    }

    /// Does what can be done twice as well as once: again, where the connection was lost.
    async fn repeatable(&self, words: &[&[u8]]) -> Result<Reply> {
        match self.client.call(words).await {
            Err(Lost::InFlight(_)) => self.answered(self.client.call(words).await),
            other => self.answered(other),
        }
    }

    /// Does what must not be done twice.
    async fn once(&self, words: &[&[u8]]) -> Result<Reply> {
        self.answered(self.client.call(words).await)
    }

    async fn script(&self, script: &str, key: &str, arguments: &[&[u8]]) -> Result<Reply> {
        let words = [&[b"EVAL", script.as_bytes(), b"1", key.as_bytes()], arguments].concat();
        self.once(&words).await
    }

    fn answered(&self, answer: Result<Reply, Lost>) -> Result<Reply> {
        match answer {
            Ok(Reply::Error(text)) if is_passing(&text) => Err(away(&self.shown, &text)),
            Ok(Reply::Error(text)) => Err(self.odd(&text)),
            Ok(reply) => Ok(reply),
            Err(Lost::InFlight(error) | Lost::Unreachable(error)) => Err(away(&self.shown, &error)),
        }
    }

    fn odd(&self, text: &str) -> Error {
        Error::internal(quintet_db::Error::other(format!("the cache at {} says: {text}", self.shown)))
    }

    fn unexpected(&self, reply: &Reply) -> Error {
        self.odd(&format!("{reply:?}, which was not asked"))
    }

    fn yes(&self, reply: &Reply) -> Result<bool> {
        match reply {
            Reply::Int(number) => Ok(*number > 0),
            other => Err(self.unexpected(other)),
        }
    }

    /// Keeps a value; with `NX` unless there is one.
    async fn keep(&self, key: &str, value: &[u8], until: Until, is_new: bool) -> Result<Reply> {
        let time = milliseconds(until);
        let mut words: Vec<&[u8]> = vec![b"SET", key.as_bytes(), value];
        if let Some(time) = &time {
            words.extend([&b"PX"[..], time.as_bytes()]);
        }
        if is_new {
            words.push(b"NX");
            return self.once(&words).await;
        }
        self.repeatable(&words).await
    }

    async fn deleted(&self, prefix: &str) -> Result<()> {
        let (pattern, mut cursor) = (format!("{}:*", escaped(prefix)), b"0".to_vec());
        loop {
            let words = [b"SCAN", &cursor[..], b"MATCH", pattern.as_bytes(), b"COUNT", SCANNED.as_bytes()];
            let reply = self.repeatable(&words).await?;
            let Reply::Array(parts) = &reply else { return Err(self.unexpected(&reply)) };
            let [Reply::Bulk(next), Reply::Array(keys)] = &parts[..] else { return Err(self.unexpected(&reply)) };
            let keys = keys.iter().filter_map(|key| if let Reply::Bulk(key) = key { Some(&key[..]) } else { None });
            let words: Vec<&[u8]> = std::iter::once(&b"UNLINK"[..]).chain(keys).collect();
            if words.len() > 1 {
                self.repeatable(&words).await?;
            }
            if next == b"0" {
                return Ok(());
            }
            cursor.clone_from(next);
        }
    }
}

impl CacheBackend for Redis {
    fn get<'a>(&'a self, _: By<'a>, key: &'a str) -> BoxFuture<'a, Result<Option<Vec<u8>>>> {
        Box::pin(async move {
            match self.repeatable(&[b"GET", key.as_bytes()]).await? {
                Reply::Bulk(value) => Ok(Some(value)),
                Reply::Nothing => Ok(None),
                other => Err(self.unexpected(&other)),
            }
        })
    }

    fn set<'a>(&'a self, _: By<'a>, key: &'a str, value: &'a [u8], until: Until) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { self.keep(key, value, until, false).await.map(drop) })
    }

    fn add<'a>(&'a self, _: By<'a>, key: &'a str, value: &'a [u8], until: Until) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move { Ok(self.keep(key, value, until, true).await? != Reply::Nothing) })
    }

    fn swap<'a>(
        &'a self,
        _: By<'a>,
        key: &'a str,
        old: Old<'a>,
        new: &'a [u8],
        until: Option<Until>,
    ) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let time = until.map_or("keep".into(), |until| milliseconds(until).unwrap_or("forever".into()));
            let reply = self.script(SWAP, key, &[old.0, new, time.as_bytes()]).await?;
            self.yes(&reply)
        })
    }

    fn touch<'a>(&'a self, _: By<'a>, key: &'a str, until: Until) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let reply = match milliseconds(until) {
                Some(time) => self.repeatable(&[b"PEXPIRE", key.as_bytes(), time.as_bytes()]).await?,
                None => self.script(PERSIST, key, &[]).await?,
            };
            self.yes(&reply)
        })
    }

    fn delete<'a>(&'a self, _: By<'a>, key: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let reply = self.repeatable(&[b"DEL", key.as_bytes()]).await?;
            self.yes(&reply)
        })
    }

    fn clear<'a>(&'a self, _: By<'a>, prefix: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.deleted(prefix))
    }

    fn incr<'a>(&'a self, _: By<'a>, key: &'a str, delta: i64) -> BoxFuture<'a, Result<Option<i64>>> {
        Box::pin(async move {
            let words =
                [b"EVAL", INCR.as_bytes(), b"1", key.as_bytes(), delta.to_string().as_bytes()].map(<[u8]>::to_vec);
            let words = words.iter().map(Vec::as_slice).collect::<Vec<_>>();
            match self.client.call(&words).await {
                Ok(Reply::Error(text)) if text.contains("integer") || text.contains("overflow") => Err(no_number(key)),
                answer => match self.answered(answer)? {
                    Reply::Int(sum) => Ok(Some(sum)),
                    Reply::Nothing => Ok(None),
                    other => Err(self.unexpected(&other)),
                },
            }
        })
    }

    fn count<'a>(&'a self, key: &'a str, window: Window, now: f64) -> BoxFuture<'a, Result<Counted>> {
        Box::pin(async move {
            let period = window.period.as_secs_f64();
            let words = [window.limit.to_string(), format!("{period:?}"), format!("{now:?}")];
            let time = milliseconds(Until::After(window.period)).unwrap_or_default();
            let arguments = [words[0].as_bytes(), words[1].as_bytes(), words[2].as_bytes(), time.as_bytes()];
            let reply = self.script(COUNT, key, &arguments).await?;
            let Reply::Array(parts) = &reply else { return Err(self.unexpected(&reply)) };
            let [Reply::Int(is_counted), Reply::Int(used), Reply::Bulk(oldest)] = &parts[..] else {
                return Err(self.unexpected(&reply));
            };
            let oldest = std::str::from_utf8(oldest).ok().and_then(|oldest| oldest.parse().ok());
            Ok(Counted { is_counted: *is_counted == 1, used: used.unsigned_abs(), oldest })
        })
    }
}

/// How long an entry stays, where it has an end.
fn milliseconds(until: Until) -> Option<String> {
    match until {
        Until::Forever => None,
        // More than the server takes is as good as no end.
        Until::After(time) => Some(time.as_millis().clamp(1, 1 << 52).to_string()),
        Until::Over => Some("1".to_owned()),
    }
}

/// A prefix as it stands in a pattern.
fn escaped(prefix: &str) -> String {
    let escape = |letter: char| ['\\', '*', '?', '[', ']'].contains(&letter).then_some('\\');
    prefix.chars().flat_map(|letter| escape(letter).into_iter().chain([letter])).collect()
}

/// Whether a refusal of the server's is worth asking again.
fn is_passing(text: &str) -> bool {
    const PASSING: [&str; 8] =
        ["LOADING", "BUSY", "MASTERDOWN", "READONLY", "CLUSTERDOWN", "TRYAGAIN", "OOM", "ERR max number of clients"];
    PASSING.iter().any(|word| text.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_no_pattern() {
        assert_eq!(escaped("a*[b]?\\"), r"a\*\[b\]\?\\");
    }

    #[test]
    fn an_entry_never_has_no_time_at_all() {
        assert_eq!(milliseconds(Until::After(std::time::Duration::from_nanos(1))).as_deref(), Some("1"));
    }
}
