//! Bodies and what parsers make of them, `Accept` and the renderer that it chooses: as recorded, and against who means
//! harm.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use quintet_core::json::{FormValue, Json, Object};
use quintet_core::rest::{Data, FormData};
use serde_json::Value;

use super::harness::{Answer, Recording, ask, block_on, get, options, same, site};
use super::scratch::Scratch;
use crate::http::{Incoming, Request, Response, Result};
use crate::rest::{FileUploadParser, JsonParser, Uploaded, negotiate};
use crate::server::Peer;
use crate::urls::Urls;
use crate::{SiteOptions, view};

fn routes() -> Urls {
    crate::urls![
        path("", view::get(chosen).post(echo)),
        path("twice/", view::post(twice)),
        path("where/", view::post(place)),
        path("json/", view::post(echo).parsers(JsonParser)),
        path("upload/<str:filename>", view::post(echo).parsers(FileUploadParser)),
        path("upload/", view::post(echo).parsers(FileUploadParser)),
    ]
}

/// As the recorder's site was set.
fn recorded_options() -> SiteOptions {
    let mut options = options(routes);
    options.http.data_upload_max_number_fields = Some(20);
    options.http.data_upload_max_number_files = Some(3);
    options.http.data_upload_max_memory_size = Some(20_000);
    options.http.file_upload_max_memory_size = 500;
    options
}

async fn echo(request: &Request) -> Result<Response> {
    Ok(Response::data(match &*request.data().await? {
        Data::Json(value) => Object::new().with("json", value.clone()),
        Data::Form(form) => Object::new().with("form", shown(form).await?),
    }))
}

async fn shown(data: &FormData) -> Result<Json> {
    let mut fields = Vec::new();
    for name in data.form.keys() {
        let mut values = Vec::new();
        for value in data.form.get_all(name) {
            values.push(match value {
                FormValue::Text(text) => Json::from(text.as_str()),
                FormValue::File(number) => file(data, *number).await?,
            });
        }
        fields.push(Json::List(vec![name.into(), values.into()]));
    }
    Ok(Json::List(fields))
}

async fn file(data: &FormData, number: usize) -> Result<Json> {
    let file = &data.files[number];
    let own: &Uploaded = file.as_any().downcast_ref().expect("a file of ours");
    let hex: String = own.bytes().await?.iter().map(|byte| format!("{byte:02x}")).collect();
    let object = Object::new()
        .with("name", file.name())
        .with("size", file.size())
        .with("type", file.content_type().unwrap_or_default())
        .with("charset", own.charset().map(str::to_owned))
        .with("hex", hex);
    Ok(object.into())
}

async fn twice(request: &Request) -> Result<Response> {
    let first = request.data().await.is_ok();
    let second = request.data().await.is_ok();
    Ok(Response::data(vec![first, second]))
}

/// Where the files of a form are.
async fn place(request: &Request) -> Result<Response> {
    let data = request.data().await?;
    let Data::Form(form) = &*data else { return Ok(Response::data(false)) };
    let path = |number: usize| {
        let own: &Uploaded = form.files[number].as_any().downcast_ref().expect("a file of ours");
        own.temporary_path().map(|path| path.display().to_string())
    };
    Ok(Response::data((0..form.files.len()).map(path).collect::<Vec<_>>()))
}

async fn chosen(request: &Request) -> Result<Response> {
    let renderers = &request.site().options().rest_framework.default_renderer_classes;
    let answer = Response::data(Object::new().with("b", 1).with("a", vec![Json::from(1.5), "é".into()]));
    match negotiate::choose(request, renderers, None) {
        Ok(accepted) => accepted.render(request, answer, false),
        Err(error) => {
            let refusal = error.api_response().expect("a refusal");
            negotiate::forced(renderers).render(request, refusal.with_status(error.status()), true)
        }
    }
}

fn recording() -> Value {
    serde_json::from_str(include_str!("../../../../../oracle/vectors/bodies.json")).expect("a recording is JSON")
}

fn unhexed(text: &str) -> Vec<u8> {
    let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("two digits");
    (0..text.len()).step_by(2).map(byte).collect()
}

/// What is refused otherwise, and why.
const OTHERWISE: [(&str, &str, u16); 2] = [
    ("multipart, fields past the limit", "413 and JSON, as for every body that is too large", 413),
    ("multipart, two fields past the limit", "413 and JSON, as for every body that is too large", 413),
];

#[test]
fn bodies_are_read_and_refused_as_recorded() {
    let site = site(recorded_options());
    let text = include_str!("../../../../../oracle/vectors/bodies.json");
    let ran = Recording::new(text).each("bodies", &[], |case| {
        let body = unhexed(case["body"].as_str().expect("hex"));
        let asked = ask("POST", "/").body(body);
        let asked = match case["content_type"].as_str() {
            Some(content_type) => asked.header("content-type", content_type),
            None => asked,
        };
        let answer = asked.to(&site);
        let id = case["id"].as_str().expect("a name");
        if let Some((_, _, status)) = OTHERWISE.iter().find(|(known, ..)| *known == id) {
            return same("status", answer.code(), *status);
        }
        same("status", u64::from(answer.code()), case["status"].as_u64().expect("a number"))?;
        let ours = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        same("answer", ours, case["answer"].clone())
    });
    assert!(ran > 700);
}

#[test]
fn renderers_are_chosen_as_recorded() {
    let site = site(options(routes));
    let cases = recording()["accept"].as_array().expect("cases").clone();
    let mut different = vec![];
    for case in &cases {
        let target = case["format"].as_str().map_or("/".to_owned(), |format| format!("/?format={format}"));
        let asked = match case["accept"].as_str() {
            Some(accept) => get(&target).header("accept", accept),
            None => get(&target),
        };
        let answer = asked.to(&site);
        let body = answer.text();
        let is_json = answer.header("content-type") == Some("application/json");
        let ours = serde_json::json!([answer.code(), answer.header("content-type"), is_json.then_some(body)]);
        let theirs = serde_json::json!([case["status"], case["content_type"], case["body"]]);
        if ours != theirs {
            let shown: String = case.to_string().chars().take(300).collect();
            different.push(format!("{shown}: {ours}"));
        }
    }
    assert!(different.is_empty(), "{} of {} differ:\n{}", different.len(), cases.len(), different.join("\n"));
    assert!(cases.len() > 100);
}

#[test]
fn a_refused_body_is_told_once_and_is_empty_then() {
    let answer = ask("POST", "/twice/").header("content-type", "application/json").body("{").to(&site(options(routes)));
    assert_eq!(answer.text(), "[false,true]");
}

#[test]
fn a_view_reads_only_what_its_own_parsers_read() {
    let site = site(options(routes));
    let answer =
        ask("POST", "/json/").header("content-type", "application/x-www-form-urlencoded").body("a=1").to(&site);
    assert_eq!(
        (answer.code(), answer.text()),
        (415, r#"{"detail":"Unsupported media type \"application/x-www-form-urlencoded\" in request."}"#.to_owned())
    );
}

#[test]
fn a_body_that_is_a_file_has_the_name_of_the_route_or_of_its_header() {
    let site = site(options(routes));
    let send = |target: &str, disposition: &str| {
        let asked = ask("POST", target).header("content-type", "image/png").body("x");
        asked.header("content-disposition", disposition).to(&site)
    };
    assert!(send("/upload/a.png", "").text().contains(r#"[["file",[{"name":"a.png","size":1,"type":"image/png""#));
    assert!(send("/upload/", "attachment; filename=\"../b.png\"").text().contains(r#""name":"b.png""#));
    let refused = send("/upload/", "attachment");
    assert_eq!(refused.code(), 400);
    assert!(refused.text().contains("Missing filename. Request should include a Content-Disposition header"));
}

/// A body of unknown length that is made while it is read.
struct Endless {
    head: Option<&'static [u8]>,
    block: Bytes,
    left: u64,
    tail: Option<&'static [u8]>,
}

impl HttpBody for Endless {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if let Some(head) = self.head.take() {
            return Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(head)))));
        }
        if self.left > 0 {
            self.left -= self.left.min(self.block.len() as u64);
            return Poll::Ready(Some(Ok(Frame::data(self.block.clone()))));
        }
        Poll::Ready(self.tail.take().map(|tail| Ok(Frame::data(Bytes::from_static(tail)))))
    }
}

fn send(options: SiteOptions, target: &str, content_type: &str, body: Endless) -> Answer {
    let site = site(options);
    let request = http::Request::post(target).header("host", "testserver").header("content-type", content_type);
    let request = request.body(()).expect("a request");
    block_on(async {
        let answer = site.handle(request, Incoming::foreign(body), Arc::new(Peer::default())).await;
        let (parts, body) = answer.into_parts();
        Answer { status: parts.status, headers: parts.headers, body: body.collect().await.expect("a body") }
    })
}

const GIGABYTE: u64 = 1 << 30;
const PARTS: &str = "multipart/form-data; boundary=XX";

fn endless(head: &'static [u8], left: u64) -> Endless {
    Endless { head: Some(head), block: Bytes::from(vec![b'['; 65_536]), left, tail: Some(b"\r\n--XX--\r\n") }
}

/// Megabytes that this process has taken of memory, at most, so far.
#[cfg(target_os = "linux")]
#[allow(clippy::disallowed_methods)]
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the peak");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") / 1024
}

#[test]
fn a_gigabyte_of_anything_is_cut_at_the_limit() {
    for (content_type, head) in [
        ("application/json", &b"{"[..]),
        ("application/x-www-form-urlencoded", b"a="),
        (PARTS, b"--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"),
    ] {
        let answer = send(options(routes), "/", content_type, endless(head, GIGABYTE));
        assert_eq!(answer.code(), 413, "{content_type}");
    }
    let head = b"--XX\r\nContent-Disposition: form-data; name=\"a\"; x=\"";
    let answer = send(options(routes), "/", PARTS, endless(head, GIGABYTE));
    assert_eq!(answer.text(), r#"{"detail":"Multipart form parse error - Request max total header size exceeded."}"#);
}

#[cfg(target_os = "linux")]
#[test]
fn a_large_file_goes_to_disk_and_not_to_memory_and_its_temporary_file_goes_with_the_request() {
    const SIZE: u64 = 96 << 20;
    let folder = Scratch::new("uploads");
    let mut options = options(routes);
    options.http.file_upload_temp_dir = Some(folder.clone());
    let head = b"--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"big.bin\"\r\n\r\n";
    let before = peak();
    let answer = send(options, "/where/", PARTS, endless(head, SIZE));
    assert!(answer.text().contains(&*folder.display().to_string()), "{}", answer.text());
    assert!(peak() - before.min(peak()) < 64, "{} to {} MB", before, peak());
    assert_eq!(left_in(&folder), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_is_cut_off_or_refused_leaves_nothing_behind() {
    let folder = Scratch::new("cut");
    let one_file = || {
        let mut options = options(routes);
        options.http.file_upload_temp_dir = Some(folder.clone());
        options.http.data_upload_max_number_files = Some(1);
        options
    };
    let head = b"--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"big.bin\"\r\n\r\n";
    let cut = Endless { tail: None, ..endless(head, 8 << 20) };
    assert_eq!(send(one_file(), "/where/", PARTS, cut).text(), "[]");
    let second = b"\r\n--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"b\"\r\n\r\nx\r\n--XX--\r\n";
    let refused = Endless { tail: Some(second), ..endless(head, 8 << 20) };
    assert_eq!(send(one_file(), "/where/", PARTS, refused).code(), 400);
    assert_eq!(left_in(&folder), 0);
}

#[test]
fn many_small_files_share_the_memory_that_there_is() {
    let folder = Scratch::new("many");
    let mut options = options(routes);
    options.http.file_upload_temp_dir = Some(folder.clone());
    options.http.file_upload_max_memory_size = 25;
    let part = "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n0123456789\r\n";
    let body = part.repeat(4) + "--XX--\r\n";
    let answer = ask("POST", "/where/").header("content-type", PARTS).body(body).to(&site(options));
    let places: Vec<Option<String>> = serde_json::from_slice(&answer.body).expect("a list");
    assert_eq!(places.iter().map(Option::is_some).collect::<Vec<_>>(), [false, false, true, true]);
    assert_eq!(left_in(&folder), 0);
}

#[test]
fn a_million_fields_are_refused_soon() {
    let started = elapsed();
    for (content_type, body) in [
        ("application/x-www-form-urlencoded", "a=1&".repeat(600_000)),
        (PARTS, "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nv\r\n".repeat(50_000)),
    ] {
        let answer = ask("POST", "/").header("content-type", content_type).body(body).to(&site(options(routes)));
        assert_eq!(answer.code(), 400, "{content_type}");
    }
    assert!(elapsed() - started < Duration::from_secs(3));
}

#[test]
fn a_boundary_that_nearly_comes_again_and_again_costs_linear_time() {
    let boundary = "-".repeat(69);
    let content_type = format!("multipart/form-data; boundary={boundary}X");
    let head = format!("--{boundary}X\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n");
    let body = head + &"-".repeat(4 << 20) + &format!("\r\n--{boundary}X--\r\n");
    let mut options = options(routes);
    let folder = Scratch::new("boundary");
    options.http.file_upload_temp_dir = Some(folder.clone());
    let started = elapsed();
    let answer = ask("POST", "/where/").header("content-type", content_type).body(body).to(&site(options));
    assert_eq!(answer.code(), 200);
    assert!(elapsed() - started < Duration::from_secs(3));
}

#[test]
fn a_packed_body_is_not_unpacked() {
    let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00\x43\xbf\xa6\xa3\x02\x00\x00\x00";
    let asked = ask("POST", "/").header("content-type", "application/json").header("content-encoding", "gzip");
    let answer = asked.body(&gzip[..]).to(&site(options(routes)));
    assert_eq!(answer.code(), 400);
    assert!(answer.text().contains("'utf-8' codec can't decode byte 0x8b in position 1"), "{}", answer.text());
}

#[test]
fn levels_and_digits_without_end_are_refused() {
    let site = site(options(routes));
    for body in ["[".repeat(100_000), "{\"a\":".repeat(100_000), "9".repeat(5000)] {
        let answer = ask("POST", "/").header("content-type", "application/json").body(body).to(&site);
        assert_eq!(answer.code(), 400);
        assert!(answer.text().starts_with("{\"detail\":\"JSON parse error - "));
    }
}

#[test]
fn the_settings_of_json_change_how_it_is_written() {
    let answered = |change: fn(&mut SiteOptions)| {
        let mut options = options(routes);
        change(&mut options);
        get("/").to(&site(options)).text()
    };
    assert_eq!(answered(|_| {}), "{\"b\":1,\"a\":[1.5,\"é\"]}");
    assert_eq!(answered(|options| options.rest_framework.unicode_json = false), "{\"b\":1,\"a\":[1.5,\"\\u00e9\"]}");
    assert_eq!(answered(|options| options.rest_framework.compact_json = false), "{\"b\": 1, \"a\": [1.5, \"é\"]}");
}

#[allow(clippy::disallowed_methods)]
fn left_in(folder: &Path) -> usize {
    std::fs::read_dir(folder).expect("a folder").count()
}

#[allow(clippy::disallowed_methods)]
fn elapsed() -> Duration {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970")
}
