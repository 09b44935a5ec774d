//! Plain data as the reference's language packs it: what its caches hold.
//!
//! Read are nothing, booleans, numbers, texts, lists and dictionaries, and no instruction that would make anything else:
//! what names a class or calls a function is refused, so that nobody who can write to a cache can run anything.

use std::fmt;

use serde_json::{Map, Number, Value};

/// Why packed bytes are no plain data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// They end too early, or say what makes no sense.
    Broken,
    /// Something of this instruction is in them, and is not plain data.
    Instruction(u8),
    /// A number that is too large.
    TooLarge,
    /// Deeper, or bigger once unpacked, than plain data is.
    TooDeep,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken => f.write_str("it is broken"),
            Self::Instruction(code) => write!(f, "it is more than plain data (instruction 0x{code:02x})"),
            Self::TooLarge => f.write_str("a number in it is too large"),
            Self::TooDeep => f.write_str("it is too deep, or too big"),
        }
    }
}

impl std::error::Error for Unreadable {}

/// How deep lists and dictionaries may stand in each other.
const DEPTH: usize = 128;

/// Packs plain data, by protocol 4.
pub fn write(value: &Value) -> Vec<u8> {
    let mut out = vec![0x80, 4];
    put(value, &mut out);
    out.push(b'.');
    out
}

fn put(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(b'N'),
        Value::Bool(true) => out.push(0x88),
        Value::Bool(false) => out.push(0x89),
        Value::Number(number) => put_number(number, out),
        Value::String(text) => put_text(text, out),
        Value::Array(values) => {
            out.extend(b"](");
            values.iter().for_each(|value| put(value, out));
            out.push(b'e');
        }
        Value::Object(members) => {
            out.extend(b"}(");
            for (name, value) in members {
                put_text(name, out);
                put(value, out);
            }
            out.push(b'u');
        }
    }
}

fn put_number(number: &Number, out: &mut Vec<u8>) {
    if let Some(small) = number.as_i64().and_then(|number| i32::try_from(number).ok()) {
        out.push(b'J');
        out.extend(small.to_le_bytes());
    } else if let Some(whole) = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from)) {
        // A sign needs a bit of its own.
        out.extend([0x8a, 9]);
        out.extend(&whole.to_le_bytes()[..9]);
    } else {
        out.push(b'G');
        out.extend(number.as_f64().unwrap_or_default().to_be_bytes());
    }
}

fn put_text(text: &str, out: &mut Vec<u8>) {
    out.push(0x8d);
    out.extend((text.len() as u64).to_le_bytes());
    out.extend(text.as_bytes());
}

/// Unpacks plain data.
///
/// # Errors
/// It is something else.
pub fn read(packed: &[u8]) -> Result<Value, Unreadable> {
    let mut machine = Machine { rest: packed, nodes: vec![], stack: vec![], marks: vec![], memo: vec![] };
    let top = machine.run()?;
    // Where parts are shared a few bytes may stand for a great deal.
    let mut budget = packed.len().saturating_mul(64).saturating_add(1 << 20);
    machine.build(top, DEPTH, &mut budget)
}

/// What is made while the instructions are followed. Lists may grow after they are remembered, so that parts are known
/// by their place.
struct Machine<'a> {
    rest: &'a [u8],
    nodes: Vec<Node>,
    stack: Vec<usize>,
    marks: Vec<usize>,
    memo: Vec<Option<usize>>,
}

enum Node {
    Plain(Value),
    List(Vec<usize>),
    Dictionary(Vec<(usize, usize)>),
}

impl Machine<'_> {
    fn run(&mut self) -> Result<usize, Unreadable> {
        loop {
            let code = self.byte()?;
            match code {
                0x80 => drop(self.byte()?),
                0x95 => drop(self.take::<8>()?),
                b'.' => return self.pop(),
                b'N' => self.plain(Value::Null),
                0x88 => self.plain(Value::Bool(true)),
                0x89 => self.plain(Value::Bool(false)),
                b'J' => {
                    let number = i32::from_le_bytes(self.take()?);
                    self.plain(number.into());
                }
                b'K' => {
                    let number = self.byte()?;
                    self.plain(number.into());
                }
                b'M' => {
                    let number = u16::from_le_bytes(self.take()?);
                    self.plain(number.into());
                }
                0x8a => {
                    let length = self.byte()?.into();
                    self.whole(length)?;
                }
                b'G' => {
                    let number = f64::from_be_bytes(self.take()?);
                    let number = Number::from_f64(number).ok_or(Unreadable::TooLarge)?;
                    self.plain(Value::Number(number));
                }
                0x8c => {
                    let length = self.byte()?.into();
                    self.text(length)?;
                }
                b'X' => {
                    let length = u32::from_le_bytes(self.take()?).into();
                    self.text(length)?;
                }
                0x8d => {
                    let length = u64::from_le_bytes(self.take()?);
                    self.text(length)?;
                }
                b']' | b')' => self.node(Node::List(vec![])),
                b'}' => self.node(Node::Dictionary(vec![])),
                b'(' => self.marks.push(self.stack.len()),
                0x85..=0x87 => self.tuple(usize::from(code - 0x84))?,
                b't' => {
                    let items = self.marked()?;
                    self.node(Node::List(items));
                }
                b'a' => {
                    let item = self.pop()?;
                    self.append(vec![item])?;
                }
                b'e' => {
                    let items = self.marked()?;
                    self.append(items)?;
                }
                b's' => {
                    let (value, name) = (self.pop()?, self.pop()?);
                    self.set(&[name, value])?;
                }
                b'u' => {
                    let items = self.marked()?;
                    self.set(&items)?;
                }
                0x94 => self.remember(self.memo.len())?,
                b'q' => {
                    let place = self.byte()?.into();
                    self.remember(place)?;
                }
                b'r' => {
                    let place = u32::from_le_bytes(self.take()?);
                    self.remember(place as usize)?;
                }
                b'h' => {
                    let place = self.byte()?.into();
                    self.recall(place)?;
                }
                b'j' => {
                    let place = u32::from_le_bytes(self.take()?);
                    self.recall(place as usize)?;
                }
                other => return Err(Unreadable::Instruction(other)),
            }
        }
    }

    fn byte(&mut self) -> Result<u8, Unreadable> {
        Ok(self.take::<1>()?[0])
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], Unreadable> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(Unreadable::Broken)?;
        self.rest = rest;
        Ok(*taken)
    }

    fn slice(&mut self, length: u64) -> Result<&[u8], Unreadable> {
        let length = usize::try_from(length).map_err(|_| Unreadable::Broken)?;
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Unreadable::Broken)?;
        self.rest = rest;
        Ok(taken)
    }

    fn text(&mut self, length: u64) -> Result<(), Unreadable> {
        let text = std::str::from_utf8(self.slice(length)?).map_err(|_| Unreadable::Broken)?.to_owned();
        self.plain(Value::String(text));
        Ok(())
    }

    /// A whole number of so many bytes, the last of which has the sign.
    fn whole(&mut self, length: u64) -> Result<(), Unreadable> {
        let bytes = self.slice(length)?;
        let sign = if bytes.last().is_some_and(|last| last & 0x80 != 0) { 0xff } else { 0 };
        let mut whole = [sign; 16];
        whole.get_mut(..bytes.len()).ok_or(Unreadable::TooLarge)?.copy_from_slice(bytes);
        let whole = i128::from_le_bytes(whole);
        let number = i64::try_from(whole).map(Number::from).or_else(|_| u64::try_from(whole).map(Number::from));
        self.plain(Value::Number(number.map_err(|_| Unreadable::TooLarge)?));
        Ok(())
    }

    fn plain(&mut self, value: Value) {
        self.node(Node::Plain(value));
    }

    fn node(&mut self, node: Node) {
        self.stack.push(self.nodes.len());
        self.nodes.push(node);
    }

    fn pop(&mut self) -> Result<usize, Unreadable> {
        self.stack.pop().ok_or(Unreadable::Broken)
    }

    /// What stands above the last mark.
    fn marked(&mut self) -> Result<Vec<usize>, Unreadable> {
        let mark = self.marks.pop().filter(|mark| *mark <= self.stack.len()).ok_or(Unreadable::Broken)?;
        Ok(self.stack.split_off(mark))
    }

    fn tuple(&mut self, length: usize) -> Result<(), Unreadable> {
        let start = self.stack.len().checked_sub(length).ok_or(Unreadable::Broken)?;
        let items = self.stack.split_off(start);
        self.node(Node::List(items));
        Ok(())
    }

    fn top(&mut self) -> Result<&mut Node, Unreadable> {
        let top = *self.stack.last().ok_or(Unreadable::Broken)?;
        Ok(&mut self.nodes[top])
    }

    fn append(&mut self, items: Vec<usize>) -> Result<(), Unreadable> {
        match self.top()? {
            Node::List(list) => list.extend(items),
            _ => return Err(Unreadable::Broken),
        }
        Ok(())
    }

    fn set(&mut self, items: &[usize]) -> Result<(), Unreadable> {
        let (pairs, odd) = items.as_chunks::<2>();
        match self.top()? {
            Node::Dictionary(members) if odd.is_empty() => {
                members.extend(pairs.iter().map(|[name, value]| (*name, *value)));
            }
            _ => return Err(Unreadable::Broken),
        }
        Ok(())
    }

    fn remember(&mut self, place: usize) -> Result<(), Unreadable> {
        // Places are given in order; a great one would only take room.
        if place > self.nodes.len() {
            return Err(Unreadable::Broken);
        }
        let top = *self.stack.last().ok_or(Unreadable::Broken)?;
        if self.memo.len() <= place {
            self.memo.resize(place + 1, None);
        }
        self.memo[place] = Some(top);
        Ok(())
    }

    fn recall(&mut self, place: usize) -> Result<(), Unreadable> {
        let known = self.memo.get(place).copied().flatten().ok_or(Unreadable::Broken)?;
        self.stack.push(known);
        Ok(())
    }

    fn build(&self, place: usize, depth: usize, budget: &mut usize) -> Result<Value, Unreadable> {
        let cost = match &self.nodes[place] {
            Node::Plain(Value::String(text)) => text.len() + 32,
            _ => 32,
        };
        *budget = budget.checked_sub(cost).ok_or(Unreadable::TooDeep)?;
        let deeper = || depth.checked_sub(1).ok_or(Unreadable::TooDeep);
        match &self.nodes[place] {
            Node::Plain(value) => Ok(value.clone()),
            Node::List(items) => {
                let depth = deeper()?;
                items.iter().map(|item| self.build(*item, depth, budget)).collect::<Result<_, _>>().map(Value::Array)
            }
            Node::Dictionary(members) => {
                let depth = deeper()?;
                let mut built = Map::new();
                for (name, value) in members {
                    let Value::String(name) = self.build(*name, depth, budget)? else { return Err(Unreadable::Broken) };
                    built.insert(name, self.build(*value, depth, budget)?);
                }
                Ok(Value::Object(built))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        let pairs = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).expect("digits"));
        pairs.map(|pair| u8::from_str_radix(pair, 16).expect("digits")).collect()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let all = json!({
            "nothing": null, "yes": true, "no": false, "text": "é\u{0}\u{1F600}", "": [],
            "numbers": [0, -1, 255, 65_536, i32::MIN, i64::MAX, i64::MIN, u64::MAX, 0.5, -1e300],
            "deep": [[{"a": {}}]],
        });
        assert_eq!(read(&write(&all)), Ok(all));
    }

    #[test]
    fn what_the_reference_packed_is_read() {
        PACKED.iter().for_each(|(hex, value)| {
            assert_eq!(read(&bytes(hex)).map(|read| read.to_string()).as_deref(), Ok(*value), "{hex}");
        });
    }

    #[test]
    fn a_class_or_a_call_is_refused() {
        // `os.system`, and a moment.
        let call = b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02ls\x85R.";
        assert_eq!(read(call), Err(Unreadable::Instruction(0x93)));
        assert_eq!(read(b"cos\nsystem\n(S'ls'\ntR."), Err(Unreadable::Instruction(b'c')));
        assert_eq!(read(b"\x80\x04C\x01a."), Err(Unreadable::Instruction(b'C')), "bytes are no JSON");
    }

    #[test]
    fn few_bytes_cannot_stand_for_a_great_deal() {
        // Each list holds the one before it ten times.
        let mut bomb = b"\x80\x04](X\x01\0\0\0ae\x94".to_vec();
        for place in 0..40_u8 {
            bomb.extend(b"](");
            (0..10).for_each(|_| bomb.extend([b'h', place]));
            bomb.extend(b"e\x94");
        }
        bomb.push(b'.');
        assert_eq!(read(&bomb), Err(Unreadable::TooDeep));
        assert_eq!(read(b"\x80\x04]\x94h\x00a."), Err(Unreadable::TooDeep), "a list in itself");
    }

    #[test]
    fn broken_bytes_are_refused() {
        let whole = write(&json!({"a": [1, 2.5, "text"]}));
        for length in 0..whole.len() {
            assert!(read(&whole[..length]).is_err(), "{length}");
        }
        for broken in [
            &b"."[..],
            b"a.",
            b"e.",
            b"(e.",
            b"Na.",
            b"}(K\x05u.",
            b"h\0.",
            b"r\xff\xff\xff\xff.",
            b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff.",
        ] {
            assert!(read(broken).is_err(), "{broken:?}");
        }
    }

    /// Bytes by `pickle.dumps(.., 5)`, and what they are.
    const PACKED: &[(&str, &str)] = &[
        ("80054e2e", r#"null"#),
        ("8005882e", r#"true"#),
        ("80054b002e", r#"0"#),
        ("80059506000000000000004afbffffff2e", r#"-5"#),
        ("80059504000000000000004d2c012e", r#"300"#),
        ("80059506000000000000004a701101002e", r#"70000"#),
        ("80059509000000000000008a060000000000012e", r#"1099511627776"#),
        ("80059509000000000000008a060000000000ff2e", r#"-1099511627776"#),
        ("8005950c000000000000008a09ffffffffffffffff002e", r#"18446744073709551615"#),
        ("8005950a00000000000000473fe00000000000002e", r#"0.5"#),
        ("80059506000000000000008c02c3a9942e", r#""é""#),
        ("80055d942e", r#"[]"#),
        ("8005950d000000000000005d94473ff8000000000000612e", r#"[1.5]"#),
        ("80059517000000000000005d94284741d9cfe50507e6b44741d9cfe504e00000652e", r#"[1732219924.123456,1732219923.5]"#),
        (
            "8005951e000000000000007d94288c0161945d94284b014b024b0386946801658c026132947d94752e",
            r#"{"a":[1,[2,3],"a"],"a2":{}}"#,
        ),
        (
            "8005957f000000000000007d94288c0d5f617574685f757365725f6964948c0131948c125f617574685f757365725f6261636b656e64948c29646a616e676f2e636f6e747269622e617574682e6261636b656e64732e4d6f64656c4261636b656e64948c0f5f617574685f757365725f68617368948c106162616261626162616261626162616294752e",
            r#"{"_auth_user_id":"1","_auth_user_backend":"django.contrib.auth.backends.ModelBackend","_auth_user_hash":"abababababababab"}"#,
        ),
        (
            "80059540010000000000005d94288c0473616d65946801582c01000078787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787894652e",
            r#"["same","same","xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]"#,
        ),
    ];
}
