//! Plain values as an answer has them, and what a request said, sent back.

use quintet::json::{FormValue, Json, Object};
use quintet::prelude::*;
use quintet::rest::openapi::Describe;
use quintet::serializers::Data;
use quintet::view::Function;

/// Values of every kind, as JSON has them.
pub(super) async fn render_samples(_: &Request) -> Result<Response> {
    let moment = |text: &str| text.parse::<DateTime>();
    let floats = [0.1, 1.0, 1e16, 1e15, 123_456_789_012_345_680.0, 1e-5, 0.0001, -0.0, 1.5e300, 2.5, 1.0 / 3.0, 5e-324];
    let ints = [
        Json::Int(0),
        Json::Int(-1),
        Json::Int(1 << 31),
        Json::from(1_u64 << 63),
        Json::Big("1".to_owned() + &"0".repeat(30)),
    ];
    let offset: chrono::DateTime<chrono::FixedOffset> = "2024-01-02T03:04:05+02:00".parse()?;
    let local: chrono::NaiveDateTime = "2024-01-02T03:04:05.000600".parse()?;
    let samples = Object::new()
        .with("floats", floats.to_vec())
        .with("ints", ints.to_vec())
        .with("bools", vec![Json::Bool(true), Json::Bool(false), Json::Null])
        // A number that is not a serializer's field is a float, however exact it was.
        .with("decimal", 10.5)
        .with("decimal_exp", 1000.0)
        .with("datetime_utc", moment("2024-01-02T03:04:05Z")?)
        .with("datetime_us", moment("2024-01-02T03:04:05.678901Z")?)
        .with("datetime_us0", moment("2024-01-02T03:04:05.120000Z")?)
        .with("datetime_offset", offset)
        .with("datetime_naive", local)
        .with("date", chrono::NaiveDate::from_ymd_opt(2024, 2, 29))
        .with("time", chrono::NaiveTime::from_hms_opt(3, 4, 5))
        .with("time_us", chrono::NaiveTime::from_hms_micro_opt(3, 4, 5, 600))
        .with("timedelta", chrono::TimeDelta::microseconds(93_600_000_003))
        .with("timedelta_neg", chrono::TimeDelta::seconds(-1))
        .with("uuid", Uuid::from_u128(0x1234_5678_1234_5678_1234_5678_1234_5678).to_string())
        .with("bytes", "raw")
        .with("lazy", "Not found.")
        .with("unicode", "caf\u{e9} \u{20ac} \u{1f600} \u{2028} \u{2029} \u{7f} \u{0} \u{1f}")
        .with("escapes", "\"\\/\u{8}\u{c}\n\r\t<script>&'")
        .with("tuple", vec![1, 2])
        .with(
            "nested",
            Object::new().with("b", 1).with("a", Object::new().with("z", Vec::<i32>::new()).with("y", Object::new())),
        )
        .with("int_keys", Object::new().with("1", "true").with("null", "none").with("1.5", "float"));
    Ok(Response::data(Json::Object(samples)))
}

/// Says what was said, in any method.
pub(super) fn echo_view() -> Function {
    let said = || {
        let schema = json!({ "type": "object", "properties": { "method": { "type": "string" }, "data": {}, "query": { "type": "object" } } });
        Describe::new().takes_schema(json!({})).answers_schema(200, schema)
    };
    let none = || said().takes_nothing();
    let all = get(echo).describe(none()).post(echo).describe(said()).put(echo).describe(said());
    api_view(all.patch(echo).describe(said()).delete(echo).describe(none()))
        .permissions(AllowAny)
        .description("The parsed request data and query parameters.")
}

async fn echo(request: &Request) -> Result<Response> {
    let data = match &*request.data().await? {
        Data::Json(json) => json.clone(),
        Data::Form(form) => {
            let said = |value: &FormValue| match value {
                FormValue::Text(text) => text.clone(),
                FormValue::File(number) => form.files[*number].name().to_owned(),
            };
            let all = |name| form.form.get_all(name).map(said).collect::<Vec<_>>();
            Json::Object(form.form.keys().map(|name| (name, all(name))).collect())
        }
    };
    let mut query = Object::new();
    for (name, _) in request.query()?.pairs() {
        query.insert(name.as_str(), request.query()?.get_all(name).collect::<Vec<_>>());
    }
    let said = Object::new().with("method", request.method().as_str()).with("data", data).with("query", query);
    Ok(Response::data(Json::Object(said)))
}

/// Nothing at all.
pub(super) async fn empty(_: &Request) -> Result<Response> {
    Ok(Response::empty(StatusCode::OK))
}
