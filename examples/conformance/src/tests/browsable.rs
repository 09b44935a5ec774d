//! The pages of the browsable API: what they offer, to whom, and that nobody's text becomes a part of them.

use quintet::apps::auth::models::User;
use quintet::prelude::*;
use quintet::settings::{Env, Settings};
use quintet::testing::{Client, TestResponse};

use crate::gallery::models::Document;
use crate::shop::models::{Category, Product, Tag};

fn settings(_: &Env) -> Settings {
    crate::settings::settings(&Env::new([("PROFILE".to_owned(), "browsing".to_owned())], []))
}

/// A client who is a browser, of a site with a database.
fn browser() -> Client {
    Client::with_database(settings).with_header("accept", "text/html")
}

async fn ann(client: &Client) -> User {
    create!(client.db(), User { username: "ann", password: "!" }).await.expect("ann")
}

async fn category(client: &Client, name: &str) -> Category {
    let slug = Slug::from(format!("c{}", name.len()));
    create!(client.db(), Category { name, slug }).await.expect("a category")
}

async fn product(client: &Client, category: &Category, name: &str, sku: &str) -> Product {
    let values =
        create!(client.db(), Product { name, sku: Slug::from(sku.to_owned()), price: Decimal::new(1250, 2), category });
    values.await.expect("a product")
}

#[track_caller]
fn has(page: &TestResponse, parts: &[&str]) {
    let text = page.text();
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in the page:\n{text}");
    }
}

#[track_caller]
fn lacks(page: &TestResponse, parts: &[&str]) {
    let text = page.text();
    for part in parts {
        assert!(!text.contains(part), "`{part}` is in the page:\n{text}");
    }
}

#[quintet::test]
async fn a_page_shows_the_request_the_answer_and_the_way_to_it() {
    let client = browser();
    let category = category(&client, "Books").await;
    let page = client.get(&format!("/api/shop/categories/{}/", category.id.0)).await;
    assert_eq!(page.status(), 200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").is_some_and(|policy| policy.starts_with("default-src 'none'")));
    has(
        &page,
        &[
            "<title>Category Instance – API</title>",
            "<li><a href=\"&#x2f;api&#x2f;shop&#x2f;\">Api Root</a></li>",
            ">Category List</a></li>",
            "aria-current=\"page\">Category Instance</a></li>",
            "<b>GET</b> &#x2f;api&#x2f;shop&#x2f;categories&#x2f;1&#x2f;",
            "<b>HTTP 200</b> OK",
            "<dt>Allow</dt><dd>GET, PUT, PATCH, DELETE, HEAD, OPTIONS</dd>",
            "<dt>Content-Type</dt><dd>application/json</dd>",
            "<dt>Vary</dt><dd>Accept</dd>",
            "<span class=\"k\">&quot;name&quot;</span>: <span class=\"s\">&quot;Books&quot;</span>",
            ">json</a></li>",
        ],
    );
}

#[quintet::test]
async fn by_the_format_as_by_accept_and_json_is_as_ever() {
    let client = Client::with_database(settings);
    has(&client.get("/api/shop/categories/?format=api").await, &["<h1>Category List</h1>", "format=api"]);
    has(&client.get("/api/shop/categories.api").await, &["<h1>Category List</h1>"]);
    let json = client.get("/api/shop/required/").await;
    assert_eq!(json.text(), "[]");
    assert_eq!(json.header("set-cookie"), None);
    assert_eq!(client.get("/api/shop/categories/?format=nope").await.status(), 404);
}

#[quintet::test]
async fn there_is_a_control_for_each_kind_of_field() {
    let client = browser();
    create!(client.db(), Tag { label: "blue" }).await.expect("a tag");
    let books = category(&client, "Books").await;
    let page = client.get("/api/shop/required/").await;
    has(
        &page,
        &[
            "<form method=\"post\" action=\"&#x2f;api&#x2f;shop&#x2f;required&#x2f;\" enctype=\"multipart/form-data\"",
            "<label for=\"post-char\">Char <span class=\"required\" title=\"required\">*</span></label>",
            "<input type=\"text\" id=\"post-char\" name=\"char\" value=\"\">",
            "<textarea id=\"post-text\" name=\"text\" rows=\"4\">",
            "<input type=\"text\" id=\"post-slug\" name=\"slug\"",
            "<input type=\"email\" id=\"post-email\" name=\"email\"",
            "<input type=\"url\" id=\"post-url\" name=\"url\"",
            "<input type=\"number\" id=\"post-integer\" name=\"integer\" value=\"\" step=\"1\"",
            "<input type=\"number\" id=\"post-decimal\" name=\"decimal\" value=\"\" step=\"any\"",
            "<input type=\"number\" id=\"post-floating\" name=\"floating\"",
            "<input type=\"checkbox\" id=\"post-boolean\" name=\"boolean\" value=\"true\">",
            "<input type=\"date\" id=\"post-date\" name=\"date\"",
            "<input type=\"datetime-local\" id=\"post-datetime\" name=\"datetime\"",
            "<input type=\"time\" id=\"post-time\" name=\"time\"",
            "<input type=\"text\" id=\"post-duration\" name=\"duration\"",
            "<input type=\"text\" id=\"post-uuid\" name=\"uuid\"",
            "<textarea id=\"post-json\" name=\"json\" rows=\"4\" class=\"code\"",
            "<select id=\"post-choice\" name=\"choice\">",
            "<option value=\"red\">Red</option>",
            "<select id=\"post-category\" name=\"category\">",
            &format!("<option value=\"{}\">Books</option>", books.id.0),
            "<select id=\"post-many\" name=\"many\" multiple size=\"5\">",
            "<option value=\"1\">blue</option>",
        ],
    );
    lacks(&page, &["name=\"id\"", "name=\"defaulted\" value=\"7\""]);
    let page = client.get("/api/shop/specimens/").await;
    has(
        &page,
        &[
            "<input type=\"file\" id=\"post-file\" name=\"file\">",
            "<select id=\"post-boolean_null\" name=\"boolean_null\">",
            "<option value=\"\" selected>--------</option>",
            "min=\"-5\" max=\"5\"",
            "<option value=\"2\">Mid</option>",
        ],
    );
    // What its model does not let anybody write.
    lacks(&page, &["name=\"auto_uuid\"", "name=\"double\""]);
}

#[quintet::test]
async fn lists_and_dictionaries_are_for_raw_data_and_nested_fields_are_groups() {
    let client = browser();
    let ann = ann(&client).await;
    let page = client.force_authenticate(&ann).get("/api/shop/orders/").await;
    has(&page, &["<p class=\"note\">Lists are sent as raw data.</p>", "&quot;lines&quot;: []"]);
}

#[quintet::test]
async fn more_rows_than_the_cutoff_are_not_offered_but_the_one_that_is_chosen_is() {
    let client = browser();
    for name in ["a", "bb", "ccc", "dddd", "eeeee", "ffffff"] {
        category(&client, name).await;
    }
    let all: Vec<Category> = Category::objects().all(client.db()).await.expect("categories");
    let last = all.last().expect("one");
    let page = client.get("/api/shop/required/").await;
    has(&page, &["<option value=\"n&#x2f;a\" disabled>More than 5 items...</option>"]);
    lacks(&page, &[">ffffff</option>"]);
    let ann = ann(&client).await;
    let product = product(&client, last, "Last", "last").await;
    let client = client.force_authenticate(&ann);
    let page = client.get(&format!("/api/shop/products/{}/", product.id.0)).await;
    has(&page, &[&format!("<option value=\"{}\" selected>", last.id.0)]);
}

#[derive(Serializer)]
#[serializer(
    model = Product,
    fields(name, sku, description, price, status, category, tags),
    extra(
        name(style(placeholder = "\"><b>A name", autofocus, hide_label)),
        sku(style(input_type = "password")),
        description(style(base_template = "textarea.html", rows = 10)),
        price(style(input_type = "range"), min_value = 1),
        status(style(base_template = "radio.html", inline), html_cutoff = 2, html_cutoff_text = "{count} of them"),
        category(style(base_template = "input.html")),
        tags(style(base_template = "checkbox_multiple.html"), html_cutoff = 1),
    )
)]
struct StyledSerializer;

struct StyledViewSet;

impl ModelViewSet for StyledViewSet {
    type Serializer = StyledSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Product> {
        Product::objects()
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

fn styled() -> Urls {
    DefaultRouter::new().register("styled", StyledViewSet).urls()
}

#[quintet::test]
async fn a_field_looks_as_its_style_says_and_offers_as_many_as_its_cutoff_allows() {
    let client =
        Client::with_database(|env| Settings { urls: styled, ..settings(env) }).with_header("accept", "text/html");
    for label in ["blue", "red"] {
        create!(client.db(), Tag { label }).await.expect("a tag");
    }
    let books = category(&client, "Books").await;
    let page = client.get("/styled/").await;
    has(
        &page,
        &[
            "<label for=\"post-name\" class=\"unseen\">Name",
            "placeholder=\"&quot;&gt;&lt;b&gt;A name\" autofocus",
            "<input type=\"password\" id=\"post-sku\" name=\"sku\" value=\"\"",
            "<textarea id=\"post-description\" name=\"description\" rows=\"10\"",
            "<input type=\"range\" id=\"post-price\" name=\"price\"",
            "<fieldset class=\"field choices inline\">",
            "<input type=\"radio\" name=\"status\" value=\"draft\"",
            "<span class=\"hint\">2 of them</span>",
            "<input type=\"text\" id=\"post-category\" name=\"category\" value=\"\"",
            "<input type=\"checkbox\" name=\"tags\" value=\"1\"> blue</label>",
            "<span class=\"hint\">More than 1 items...</span>",
        ],
    );
    lacks(&page, &["<b>A name", "value=\"gone\"", ">Books<", "> red</label>"]);
    let key = books.id.0.to_string();
    let sent = [("name", "A"), ("sku", "one"), ("price", "2"), ("status", "gone"), ("category", &*key), ("tags", "2")];
    let made = client.request(Method::POST, "/styled/", ()).form(sent).await;
    assert_eq!(made.status(), 201, "{}", made.text());
    // What is chosen is offered, whatever the cutoff is; what is secret is not written down again.
    let row: Product = Product::objects().get(client.db()).await.expect("a product");
    let page = client.get(&format!("/styled/{}/", row.id.0)).await;
    has(
        &page,
        &[
            "<input type=\"radio\" name=\"status\" value=\"gone\" checked>",
            "<input type=\"checkbox\" name=\"tags\" value=\"2\" checked>",
            &format!("name=\"category\" value=\"{}\"", books.id.0),
            "<input type=\"password\" id=\"put-sku\" name=\"sku\" value=\"\"",
        ],
    );
}

#[quintet::test]
async fn a_change_begins_with_the_row() {
    let client = browser();
    let (ann, books) = (ann(&client).await, category(&client, "Books").await);
    let product = product(&client, &books, "One", "one").await;
    let client = client.force_authenticate(&ann);
    let page = client.get(&format!("/api/shop/products/{}/", product.id.0)).await;
    has(
        &page,
        &[
            "data-method=\"PUT\" novalidate",
            "id=\"put-name\" name=\"name\" value=\"One\"",
            "id=\"put-price\" name=\"price\" value=\"12.50\"",
            "<option value=\"draft\" selected>Draft</option>",
            "<option value=\"gone\">Gone for good</option>",
            &format!("<option value=\"{}\" selected>Books</option>", books.id.0),
            "<button class=\"main\" data-method=\"PATCH\" disabled data-needs-script>PATCH</button>",
            "&quot;category_name&quot;: &quot;Books&quot;",
            "<form data-method=\"DELETE\"",
            "<form data-method=\"OPTIONS\"",
            "archive&#x2f;\">Archive</a>",
        ],
    );
    lacks(&page, &["id=\"post-name\""]);
}

#[quintet::test]
async fn what_is_refused_keeps_its_values_and_is_told_at_its_fields() {
    let client = browser();
    category(&client, "Books").await;
    let page = client
        .request(Method::POST, "/api/shop/required/", ())
        .form([("char", "much too long for ten"), ("integer", "x<y"), ("category", "77"), ("boolean", "true")])
        .await;
    assert_eq!(page.status(), 400);
    has(
        &page,
        &[
            "<b>HTTP 400</b> Bad Request",
            "id=\"post-char\" name=\"char\" value=\"much too long for ten\" aria-describedby=\"post-char-errors \" aria-invalid=\"true\"",
            "<li>Ensure this field has no more than 10 characters.</li>",
            "value=\"x&lt;y\"",
            "<li>A valid integer is required.</li>",
            "<li>Invalid pk &quot;77&quot; - object does not exist.</li>",
            "<option value=\"77\" selected>77</option>",
            "name=\"boolean\" value=\"true\" checked",
            "data-wrong",
        ],
    );
    let raw = client.post("/api/shop/required/", json!({ "char": "abcdefghijkl", "many": 3 })).await;
    assert_eq!(raw.status(), 400);
    has(&raw, &["{&quot;char&quot;:&quot;abcdefghijkl&quot;,&quot;many&quot;:3}", "value=\"abcdefghijkl\""]);
    let broken = client
        .send(Method::POST, "/api/shop/required/", "{\"</textarea><script>\"")
        .header("content-type", "application/json")
        .await;
    assert_eq!(broken.status(), 400);
    has(&broken, &["{&quot;&lt;&#x2f;textarea&gt;&lt;script&gt;&quot;", "<li>JSON parse error - "]);
    let none = client.request(Method::POST, "/api/shop/tags/", ()).form([("label", "")]).await;
    has(&none, &["<li>This field may not be blank.</li>"]);
}

#[quintet::test]
async fn what_a_refused_change_leaves_out_stays_in_the_form() {
    let client = browser();
    let (ann, books) = (ann(&client).await, category(&client, "Books").await);
    let product = product(&client, &books, "One", "one").await;
    let client = client.force_authenticate(&ann);
    let path = format!("/api/shop/products/{}/", product.id.0);
    let page = client.patch(&path, json!({ "price": "much" })).await;
    assert_eq!(page.status(), 400);
    has(
        &page,
        &[
            "id=\"put-name\" name=\"name\" value=\"One\"",
            "name=\"price\" value=\"much\"",
            "<li>A valid number is required.</li>",
        ],
    );
}

#[quintet::test]
async fn what_is_wrong_with_all_fields_together_is_told_above_them() {
    let client = browser();
    let (ann, books) = (ann(&client).await, category(&client, "Books").await);
    let client = client.force_authenticate(&ann);
    let fields = [
        ("name", "One"),
        ("sku", "one"),
        ("price", "1"),
        ("quantity", "5"),
        ("status", "gone"),
        ("category", &*books.id.0.to_string()),
    ];
    let page = client.request(Method::POST, "/api/shop/products/", ()).form(fields).await;
    assert_eq!(page.status(), 400);
    has(
        &page,
        &["<div role=\"alert\"><ul class=\"errors top\">", "<li>A product that is gone cannot have stock.</li>"],
    );
}

#[quintet::test]
async fn forms_are_for_those_who_may_use_them() {
    let client = browser();
    let (ann, books) = (ann(&client).await, category(&client, "Books").await);
    let product = product(&client, &books, "One", "one").await;
    let path = format!("/api/shop/products/{}/", product.id.0);
    for path in ["/api/shop/products/", &path] {
        let page = client.get(path).await;
        assert_eq!(page.status(), 200);
        lacks(&page, &["novalidate", "Raw data", "data-method=\"DELETE\"", "data-method=\"PUT\""]);
        has(&page, &["data-method=\"OPTIONS\""]);
    }
    has(&client.clone().force_authenticate(&ann).get(&path).await, &["novalidate", "data-method=\"DELETE\""]);
}

/// The same of the gallery.
fn gallery(_: &Env) -> Settings {
    crate::settings::settings(&Env::new([("PROFILE".to_owned(), "gallery".to_owned())], []))
}

#[quintet::test]
async fn the_permissions_of_the_row_decide_about_its_forms() {
    let client = Client::with_database(gallery).with_header("accept", "text/html");
    let ann = ann(&client).await;
    let bob = create!(client.db(), User { username: "bob", password: "!" }).await.expect("bob");
    let values = create!(client.db(), Document { owner: &ann, title: "Plan", state: "open" });
    let path = format!("/api/gallery/documents/{}/", values.await.expect("a document").id.0);
    let (ann, bob) = (client.clone().force_authenticate(&ann), client.force_authenticate(&bob));
    has(&ann.get(&path).await, &["data-method=\"PUT\"", "data-method=\"DELETE\"", "name=\"title\" value=\"Plan\""]);
    let page = bob.get(&path).await;
    assert_eq!(page.status(), 200, "it is open, so that he may read it");
    lacks(&page, &["data-method=\"PUT\"", "data-method=\"DELETE\"", "Raw data"]);
    // An action of the row, for its owner alone.
    let seal = format!("{path}seal/");
    has(&ann.get(&seal).await, &["<b>HTTP 405</b>", "Raw data"]);
    lacks(&bob.get(&seal).await, &["Raw data"]);
}

#[quintet::test]
async fn nested_fields_are_a_group_with_errors_of_their_own() {
    let client = Client::with_database(gallery).with_header("accept", "text/html");
    let page = client.get("/api/gallery/artists/").await;
    has(
        &page,
        &[
            "<legend>Profile</legend>",
            "<textarea id=\"post-profile-bio\" name=\"profile.bio\"",
            "<input type=\"url\" id=\"post-profile-website\" name=\"profile.website\"",
            "<option value=\"\" selected>--------</option>",
        ],
    );
    let fields = [("name", "Ana"), ("slug", "ana"), ("profile.website", "no url"), ("profile.bio", "</textarea>x")];
    let page = client.request(Method::POST, "/api/gallery/artists/", ()).form(fields).await;
    assert_eq!(page.status(), 400);
    has(
        &page,
        &[
            "<li>Enter a valid URL.</li>",
            "id=\"post-profile-website\" name=\"profile.website\" value=\"no url\"",
            "&lt;&#x2f;textarea&gt;x</textarea>",
            "<ul class=\"errors\" id=\"post-profile-website-errors\">",
        ],
    );
    has(&client.get("/api/gallery/photos/").await, &["<input type=\"file\""]);
}

#[quintet::test]
async fn refusals_are_pages_too() {
    let client = browser();
    let page = client.get("/api/notes/").await;
    assert_eq!((page.status(), page.header("www-authenticate")), (401, Some("Bearer realm=\"api\"")));
    has(
        &page,
        &[
            "<b>HTTP 401</b> Unauthorized",
            "<dt>WWW-Authenticate</dt><dd>Bearer realm=&quot;api&quot;</dd>",
            "Authentication credentials were not provided.",
            "href=\"&#x2f;api-auth&#x2f;login&#x2f;?next=%2Fapi%2Fnotes%2F\"",
            "data-obtain=\"&#x2f;api&#x2f;token&#x2f;\" data-field=\"username\"",
        ],
    );
    lacks(&page, &["Raw data", "data-method=\"OPTIONS\"", "class=\"description\""]);
    let ann = ann(&client).await;
    let staff = client.clone().force_authenticate(&ann).get("/api/shop/staff/").await;
    assert_eq!(staff.status(), 403);
    has(&staff, &["You do not have permission to perform this action."]);
    lacks(&staff, &["Raw data", "class=\"description\""]);
    let missing = client.get("/api/shop/categories/77/").await;
    assert_eq!(missing.status(), 404);
    has(&missing, &["No Category matches the given query.", "<h1>Category Instance</h1>"]);
    lacks(&missing, &["data-method=\"DELETE\"", "data-method=\"PUT\""]);
    let method = client.delete("/api/shop/categories/").await;
    assert_eq!(method.status(), 405);
    has(&method, &["Method \\&quot;DELETE\\&quot; not allowed.", "id=\"post-name\""]);
}

#[quintet::test]
async fn the_page_of_what_was_deleted_says_so() {
    let client = browser();
    let category = category(&client, "Books").await;
    let page = client.delete(&format!("/api/shop/categories/{}/", category.id.0)).await;
    assert_eq!(page.status(), 200, "a browser shows nothing of a 204");
    has(&page, &["<b>HTTP 204</b> No Content"]);
    lacks(&page, &["data-method=\"DELETE\""]);
}

#[quintet::test]
async fn a_list_offers_its_search_its_order_its_filters_and_its_pages() {
    let client = browser();
    let books = category(&client, "Books").await;
    for number in 0..8 {
        product(&client, &books, &format!("N{number}"), &format!("s{number}")).await;
    }
    let page = client.get("/api/shop/products/?page=2&ordering=-price&x=<i>&price__gte=1").await;
    assert_eq!(page.status(), 200);
    has(
        &page,
        &[
            "<input id=\"filter-search\" type=\"search\" name=\"search\" value=\"\"",
            "<option value=\"-price\" selected>Price - descending</option>",
            "<label for=\"filter-price__gte\">Price is at least</label>",
            "<input type=\"number\" id=\"filter-price__gte\" name=\"price__gte\" value=\"1\"",
            "<select id=\"filter-status\" name=\"status\">",
            "<option value=\"live\">Live</option>",
            "<select id=\"filter-category\" name=\"category\">",
            "<input type=\"hidden\" name=\"x\" value=\"&lt;i&gt;\">",
            "rel=\"prev\"",
            "rel=\"next\"",
            "aria-current=\"page\">2</a>",
            ">3</a>",
            "8 in all",
        ],
    );
    lacks(&page, &["name=\"page\""]);
    let wrong = client.get("/api/shop/products/?price__gte=much").await;
    assert_eq!(wrong.status(), 400);
    has(&wrong, &["<li>Enter a number.</li>", "value=\"much\""]);
    lacks(&client.get("/api/shop/products/1/").await, &["filter-search"]);
    // Limit and offset.
    for name in ["bb", "ccc"] {
        category(&client, name).await;
    }
    has(&client.get("/api/shop/categories/?limit=1&offset=1").await, &["aria-current=\"page\">2</a>", "3 in all"]);
}

const HOSTILE: &str = "</pre></textarea><script>alert(1)</script><img src=x onerror=alert(1)>\"'`{{777*777}}{%raw%}";

#[quintet::test]
async fn nobodys_text_becomes_a_part_of_the_page() {
    let client = browser();
    let short = "</script><script>x()</script>\"'{{777*777}}";
    let books = category(&client, short).await;
    create!(client.db(), Tag { label: "<b onclick=x()>'\"{{7}}" }).await.expect("a tag");
    let ann = create!(client.db(), User { username: "<svg onload=x()>", password: "!" }).await.expect("a user");
    let row = product(&client, &books, "<img src=x onerror=x()>\"'", "one").await;
    let mut row: Product = row;
    row.description = Text::from(format!("{HOSTILE} javascript:alert(1) http://a.test/\"onmouseover=x()"));
    row.save(client.db()).await.expect("saved");
    let client = client.force_authenticate(&ann);
    let hostile = "%3C/title%3E%3Cscript%3Ex()%3C/script%3E%22%27";
    let pages = [
        client.get(&format!("/api/shop/products/?search={hostile}&{hostile}={hostile}&format=api")).await,
        client.get(&format!("/api/shop/products/?ordering={hostile}&status={hostile}&price__gte={hostile}")).await,
        client.get(&format!("/api/shop/products/{}/?{hostile}", row.id.0)).await,
        client.get("/api/shop/products/%3Cscript%3Ex()%22%27/").await,
        client.get("/api/shop/required/").await,
        client.request(Method::POST, "/api/shop/tags/", ()).form([("label", HOSTILE), ("weight", HOSTILE)]).await,
        client.request(Method::POST, "/api/shop/products/", ()).form([("category", HOSTILE), ("tags", HOSTILE)]).await,
        client.post("/api/shop/tags/", json!({ HOSTILE: HOSTILE, "label": [HOSTILE] })).await,
        client.send(Method::POST, "/api/shop/tags/", HOSTILE).header("content-type", HOSTILE_TYPE).await,
        client.send(Method::POST, "/api/shop/tags/", HOSTILE).header("content-type", "application/json").await,
    ];
    for page in pages {
        let text = page.text();
        // Its own script and style are the only ones.
        assert_eq!(text.matches("<script").count(), 1, "{text}");
        assert_eq!(text.matches("</script").count(), 1, "{text}");
        assert_eq!(text.matches("<style").count(), 1);
        for part in ["<img", "<svg", "<b onclick", "href=\"javascript", "<title></title>"] {
            assert!(!text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("\"onmouseover") && !text.contains("603729"), "{text}");
        assert_eq!(text.matches("</main>").count(), 1);
    }
}

const HOSTILE_TYPE: &str = "application/<script>x()</script>";

#[quintet::test]
async fn who_logged_in_by_a_session_needs_the_secret_of_the_page() {
    let client = browser();
    let mut user = ann(&client).await;
    user.set_password(Db::from(client.db()), Some("S3cret-pass!")).await.expect("a password");
    user.save(client.db()).await.expect("saved");
    let client = client.enforce_csrf_checks();
    let page = client.get("/api-auth/login/?next=/api/shop/tags/").await;
    has(&page, &["<h1>Log in</h1>", "name=\"next\" value=\"&#x2f;api&#x2f;shop&#x2f;tags&#x2f;\""]);
    lacks(&page, &["<script"]);
    let token = secret(&page);
    let wrong = [("username", "ann"), ("password", "<nope>"), ("csrfmiddlewaretoken", &*token)];
    let wrong = client.request(Method::POST, "/api-auth/login/", ()).form(wrong).await;
    has(&wrong, &["Please enter a correct username and password."]);
    let token = secret(&wrong);
    let good = [
        ("username", "ann"),
        ("password", "S3cret-pass!"),
        ("next", "/api/shop/tags/"),
        ("csrfmiddlewaretoken", &*token),
    ];
    let good = client.request(Method::POST, "/api-auth/login/", ()).form(good).await;
    assert_eq!((good.status(), good.header("location")), (302, Some("/api/shop/tags/")));
    let page = client.get("/api/notes/").await;
    assert_eq!(page.status(), 200);
    has(
        &page,
        &[
            "title=\"Logged in as\">ann</span>",
            "action=\"&#x2f;api-auth&#x2f;logout&#x2f;\"",
            "data-header=\"X-Csrftoken\"",
        ],
    );
    let without = client.request(Method::POST, "/api/notes/", ()).form([("title", "a"), ("content", "b")]).await;
    assert_eq!(without.status(), 403);
    has(&without, &["CSRF Failed: CSRF token missing."]);
    let token = secret(&page);
    let with = [("title", "a"), ("content", "b"), ("csrfmiddlewaretoken", &*token)];
    let made = client.request(Method::POST, "/api/notes/", ()).form(with).await;
    assert_eq!(made.status(), 201);
    has(&made, &["<b>HTTP 201</b> Created", "name=\"title\" value=\"\""]);
    let out = [("csrfmiddlewaretoken", &*token), ("next", "/api/notes/")];
    assert_eq!(client.request(Method::POST, "/api-auth/logout/", ()).form(out).await.status(), 302);
    assert_eq!(client.get("/api/notes/").await.status(), 401);
}

/// The token in the first form of a page.
fn secret(page: &TestResponse) -> String {
    let text = page.text();
    let behind = text.split_once("name=\"csrfmiddlewaretoken\" value=\"").map(|(_, behind)| behind.to_owned());
    behind.and_then(|behind| behind.split_once('"').map(|(token, _)| token.to_owned())).unwrap_or_default()
}

const BRANDED: &str = "{% extends \"rest_framework/base.html\" %}{% block branding %}My <b>shop</b>{% endblock %}\
    {% block content %}{{ name }}: {{ response.status }}{{ content }}{% endblock %}";

#[quintet::test]
async fn a_project_may_bring_templates_of_its_own() {
    fn branded(env: &Env) -> Settings {
        let mut settings = settings(env);
        settings.rest_framework.templates = quintet::rest::Templates::new(&[("rest_framework/api.html", BRANDED)]);
        settings
    }
    let page = Client::with_database(branded).with_header("accept", "text/html").get("/api/shop/required/").await;
    has(&page, &["My <b>shop</b>", "Required List: 200[]", "class=\"crumbs\""]);
}

#[quintet::test]
async fn a_site_without_the_renderer_has_no_pages() {
    fn json_only(env: &Env) -> Settings {
        let mut settings = settings(env);
        settings.rest_framework.default_renderer_classes = vec![quintet::rest::JsonRenderer.into()];
        settings
    }
    let client = Client::with_database(json_only);
    assert_eq!(client.get("/api/shop/tags/").header("accept", "text/html").await.status(), 406);
    assert_eq!(client.get("/api/shop/tags/?format=api").await.status(), 404);
}
