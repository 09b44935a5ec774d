//! What is said to a Redis server and what it answers, as bytes: RESP, version 2.

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// A word such as `OK`.
    Word(String),
    /// A refusal.
    Error(String),
    /// A whole number.
    Int(i64),
    /// Bytes.
    Bulk(Vec<u8>),
    /// Nothing is there.
    Nothing,
    /// Several.
    Array(Vec<Reply>),
}

/// What a server says that speaks something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Nonsense;

/// No value of a cache is larger.
const BYTES: usize = 512 << 20;
const DEPTH: usize = 4;

/// A command in bytes.
pub(super) fn command(words: &[&[u8]]) -> Vec<u8> {
    let mut out = format!("*{}\r\n", words.len()).into_bytes();
    for word in words {
        out.extend(format!("${}\r\n", word.len()).into_bytes());
        out.extend(*word);
        out.extend(b"\r\n");
    }
    out
}

/// The first answer in some bytes, and how long it is; nothing where it is not whole yet.
pub(super) fn reply(bytes: &[u8]) -> Result<Option<(Reply, usize)>, Nonsense> {
    let mut rest = bytes;
    let reply = read(&mut rest, DEPTH)?;
    Ok(reply.map(|reply| (reply, bytes.len() - rest.len())))
}

fn read(rest: &mut &[u8], depth: usize) -> Result<Option<Reply>, Nonsense> {
    let Some((kind, line)) = line(rest)? else { return Ok(None) };
    Ok(Some(match kind {
        b'+' => Reply::Word(line.to_owned()),
        b'-' => Reply::Error(line.to_owned()),
        b':' => Reply::Int(number(line)?),
        b'$' => match length(line)? {
            None => Reply::Nothing,
            Some(length) => {
                let Some((value, after)) = rest.split_at_checked(length) else { return Ok(None) };
                let Some((end, after)) = after.split_at_checked(2) else { return Ok(None) };
                if end != b"\r\n" {
                    return Err(Nonsense);
                }
                *rest = after;
                Reply::Bulk(value.to_vec())
            }
        },
        b'*' => match length(line)? {
            None => Reply::Nothing,
            Some(length) => {
                let depth = depth.checked_sub(1).ok_or(Nonsense)?;
                let mut parts = vec![];
                for _ in 0..length {
                    let Some(part) = read(rest, depth)? else { return Ok(None) };
                    parts.push(part);
                }
                Reply::Array(parts)
            }
        },
        _ => return Err(Nonsense),
    }))
}

/// The kind of what comes, and its first line.
fn line<'a>(rest: &mut &'a [u8]) -> Result<Option<(u8, &'a str)>, Nonsense> {
    /// No line of a server's is longer.
    const LINE: usize = 64 << 10;
    let Some(end) = rest.windows(2).take(LINE).position(|two| two == b"\r\n") else {
        return if rest.len() > LINE { Err(Nonsense) } else { Ok(None) };
    };
    let (kind, line) = rest[..end].split_first().ok_or(Nonsense)?;
    *rest = &rest[end + 2..];
    Ok(Some((*kind, std::str::from_utf8(line).map_err(|_| Nonsense)?)))
}

fn number(line: &str) -> Result<i64, Nonsense> {
    line.parse().map_err(|_| Nonsense)
}

fn length(line: &str) -> Result<Option<usize>, Nonsense> {
    match number(line)? {
        -1 => Ok(None),
        length => usize::try_from(length).ok().filter(|length| *length <= BYTES).map(Some).ok_or(Nonsense),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWERS: &[u8] = b"+OK\r\n-ERR no\r\n:-5\r\n$3\r\na\r\n\r\n$-1\r\n*2\r\n:1\r\n*1\r\n$0\r\n\r\n*-1\r\n";

    fn all(mut bytes: &[u8]) -> Vec<Reply> {
        let mut replies = vec![];
        while let Some((one, length)) = reply(bytes).expect("sense") {
            replies.push(one);
            bytes = &bytes[length..];
        }
        replies
    }

    #[test]
    fn each_kind_of_answer_is_read() {
        let expected = vec![
            Reply::Word("OK".into()),
            Reply::Error("ERR no".into()),
            Reply::Int(-5),
            Reply::Bulk(b"a\r\n".to_vec()),
            Reply::Nothing,
            Reply::Array(vec![Reply::Int(1), Reply::Array(vec![Reply::Bulk(vec![])])]),
            Reply::Nothing,
        ];
        assert_eq!(all(ANSWERS), expected);
    }

    #[test]
    fn an_answer_that_is_not_whole_is_waited_for() {
        let whole = all(ANSWERS);
        for length in 0..ANSWERS.len() {
            let part = all(&ANSWERS[..length]);
            assert_eq!(part, whole[..part.len()], "{length}");
        }
    }

    #[test]
    fn what_no_server_says_is_nonsense() {
        let deep = b"*1\r\n".repeat(9);
        for bytes in [
            &b"HTTP/1.1 400\r\n"[..],
            b"\r\n",
            b":x\r\n",
            b"$-2\r\n",
            b"$99999999999\r\n",
            b"$1\r\nabc",
            b"+\xff\r\n",
            &deep,
        ] {
            assert_eq!(reply(bytes), Err(Nonsense), "{bytes:?}");
        }
        assert_eq!(reply(&[b'+'; 70_000]), Err(Nonsense));
    }

    #[test]
    fn a_command_is_a_list_of_its_words() {
        assert_eq!(command(&[b"GET", b"a\r\n"]), b"*2\r\n$3\r\nGET\r\n$3\r\na\r\n\r\n");
    }
}
