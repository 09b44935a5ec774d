//! Command lines of pages: their words, what is shown below them, and requests by `curl`.

use crate::support::{Server, exchange};

/// Variables at the beginning of a line, with their values, and the words of its command.
pub(super) fn command_of(line: &str) -> (Vec<(String, String)>, Vec<String>) {
    let words = shell_words(line);
    let set = words.iter().map_while(|word| word.split_once('=').filter(|(name, _)| is_name(name)));
    let set: Vec<(String, String)> = set.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let rest = words[set.len()..].to_vec();
    (set, rest)
}

/// The same of a line for PowerShell, `$env:NAME = 'value'; command`.
pub(super) fn command_of_powershell(line: &str) -> (Vec<(String, String)>, Vec<String>) {
    let parts: Vec<&str> = line.split("; ").collect();
    let (last, set) = parts.split_last().expect("a command");
    let set = set.iter().map(|part| {
        let (name, value) = part.strip_prefix("$env:").and_then(|part| part.split_once(" = ")).expect("a variable");
        (name.to_owned(), value.trim_matches('\'').to_owned())
    });
    (set.collect(), shell_words(last))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// The words of a command line, as a shell tells them apart.
pub(super) fn shell_words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (vec![], None::<String>, None);
    for c in line.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '\'' || c == '"' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c == ' ' => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// What a page shows below a command, up to the next one.
pub(super) fn shown_after(page: &str, typed: &str) -> String {
    let below = page.lines().skip_while(|line| *line != format!("$ {typed}")).skip(1);
    below
        .take_while(|line| !line.starts_with("$ ") && *line != "```")
        .fold(String::new(), |all, line| all + line + "\n")
}

/// Whether a text is what is shown, where `...` stands for anything.
pub(super) fn fits(shown: &str, text: &str) -> bool {
    let mut parts = shown.split("...");
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    for part in parts {
        match rest.find(part).filter(|_| !part.is_empty()) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return part.is_empty(),
        }
    }
    rest.is_empty()
}

/// What a server answers to the words of a `curl` line.
pub(super) fn curled(server: &Server, words: &[String]) -> String {
    let path = words[1].strip_prefix("http://127.0.0.1:8000").expect("an address of the project");
    let (mut method, mut headers, mut body, mut with_head) = (None, String::new(), None, false);
    for pair in words[2..].chunks(2) {
        match pair {
            [flag, value] if flag == "-H" => headers += &format!("{value}\r\n"),
            [flag, value] if flag == "-X" => method = Some(value.clone()),
            [flag, value] if flag == "-d" => body = Some(value.clone()),
            [flag] if flag == "-i" => with_head = true,
            other => panic!("{other:?}"),
        }
    }
    let method = method.unwrap_or_else(|| if body.is_some() { "POST" } else { "GET" }.to_owned());
    let body = body.unwrap_or_default();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    );
    let answer = exchange(server.address(), &request).expect("an answer");
    if !with_head {
        return answer.body;
    }
    // Asked for here, and not by `curl`.
    let head = answer.head.replace("connection: close\r\n", "").replace('\r', "");
    format!("{head}\n\n{}", answer.body)
}

#[test]
fn dots_stand_for_anything_and_nothing_else_does() {
    assert!(fits("{\"a\":\"...\",\"b\":1}", "{\"a\":\"xyz\",\"b\":1}") && fits("abc", "abc") && fits("a...", "abc"));
    assert!(
        !fits("{\"a\":\"...\",\"b\":1}", "{\"a\":\"xyz\",\"b\":2}") && !fits("abc", "abcd") && !fits("b...", "abc")
    );
}

#[test]
fn both_shells_are_read_alike() {
    let typed = command_of("DEBUG=False NAME='a b' ./mysite serve");
    assert_eq!(typed.0, [("DEBUG".to_owned(), "False".to_owned()), ("NAME".to_owned(), "a b".to_owned())]);
    assert_eq!(typed, command_of_powershell("$env:DEBUG = 'False'; $env:NAME = 'a b'; ./mysite serve"));
    assert_ne!(typed, command_of_powershell("$env:DEBUG = 'True'; $env:NAME = 'a b'; ./mysite serve"));
}
