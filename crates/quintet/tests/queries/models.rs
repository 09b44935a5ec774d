//! A small library: authors, books, tags, reviews, and a member for each rule of deleting.

use quintet::prelude::*;
use quintet::query::now;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(ordering = ["name"])]
pub struct Author {
    pub id: BigAuto,
    #[field(max_length = 50, unique)]
    pub name: String,
    #[field(blank)]
    pub born: Option<Date>,
    #[field(on_delete = set_null, blank, related_name = "pupils")]
    pub teacher: Option<ForeignKey<Author>>,
    #[field(blank)]
    pub friends: ManyToMany<Author>,
}

#[derive(Model, Debug, Clone, PartialEq)]
pub struct Tag {
    pub id: BigAuto,
    #[field(max_length = 30, unique)]
    pub label: String,
}

#[derive(Choices, Debug, Clone, Copy, PartialEq)]
pub enum Status {
    Draft,
    Printed,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(abstract)]
pub struct Stamps {
    #[field(auto_now_add)]
    pub created_at: DateTime,
    #[field(auto_now)]
    pub updated_at: DateTime,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(get_latest_by = "pages")]
pub struct Book {
    pub id: BigAuto,
    #[field(max_length = 100)]
    pub title: String,
    #[field(blank)]
    pub words: Text,
    #[field(default = 100)]
    pub pages: u32,
    #[field(max_digits = 8, decimal_places = 2, default = Decimal::new(1050, 2))]
    pub price: Decimal,
    #[field(max_length = 10, default = Status::Draft)]
    pub status: Status,
    #[field(blank)]
    pub facts: Option<Json>,
    #[field(on_delete = cascade, related_name = "books")]
    pub author: ForeignKey<Author>,
    #[field(on_delete = set_null, blank, related_name = "edited")]
    pub editor: Option<ForeignKey<Author>>,
    #[field(blank, related_name = "books")]
    pub tags: ManyToMany<Tag>,
    #[field(expression = f("pages") * 2, db_persist)]
    pub sides: Generated<i32>,
    #[field(flatten)]
    pub stamps: Stamps,
}

#[derive(Model, Debug, Clone, PartialEq)]
pub struct Review {
    pub id: BigAuto,
    #[field(on_delete = cascade, related_name = "reviews")]
    pub book: ForeignKey<Book>,
    #[field(blank)]
    pub stars: Option<i32>,
    #[field(blank)]
    pub text: Text,
}

#[derive(Model, Debug, Clone, PartialEq)]
pub struct Cover {
    #[field(on_delete = cascade, primary_key, related_name = "cover")]
    pub book: OneToOne<Book>,
    #[field(max_length = 20)]
    pub colour: String,
}

/// A child: a row of two tables.
#[derive(Model, Debug, Clone, PartialEq)]
pub struct Atlas {
    #[field(parent)]
    pub book: Parent<Book>,
    pub maps: i32,
}

pub struct Printed;

impl Manager<PrintedBook> for Printed {
    fn objects() -> QuerySet<PrintedBook> {
        PrintedBook::all_objects().filter(|book| book.status().eq(Status::Printed))
    }
}

/// The same table, and only what was printed.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(proxy, manager = Printed)]
pub struct PrintedBook(pub Book);

/// A key of two fields.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(primary_key = ["row", "number"])]
pub struct Shelf {
    pub row: i32,
    pub number: i32,
    #[field(max_length = 20, blank)]
    pub place: String,
}

/// An answer to an answer, as deep as one likes.
#[derive(Model, Debug, Clone, PartialEq)]
pub struct Answer {
    pub id: BigAuto,
    #[field(on_delete = cascade, blank, related_name = "answers")]
    pub to: Option<ForeignKey<Answer>>,
}

fn anonymous() -> i64 {
    1
}

/// A key for each rule.
#[derive(Model, Debug, Clone, PartialEq)]
pub struct Rule {
    pub id: BigAuto,
    #[field(on_delete = protect, blank, related_name = "protect_set")]
    pub protect: Option<ForeignKey<Author>>,
    #[field(on_delete = restrict, blank, related_name = "restrict_set")]
    pub restrict: Option<ForeignKey<Author>>,
    #[field(on_delete = set_default, blank, default = 1, related_name = "default_set")]
    pub default: Option<ForeignKey<Author>>,
    #[field(on_delete = set_with(anonymous), blank, related_name = "function_set")]
    pub function: Option<ForeignKey<Author>>,
    #[field(on_delete = cascade, blank, related_name = "rule_set")]
    pub book: Option<ForeignKey<Book>>,
}

/// Everything that a row can be refused for.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    unique_together = [["low", "high"]],
    check(name = "low_first", condition = q("low__lte", f("high"))),
    check(name = "named", condition = !q("name", "none"), message = "Give it a name.", code = "nameless"),
    unique(name = "one_blue", fields = ["name"], condition = q("colour", "blue")),
    unique(name = "slug_and_mail", fields = ["slug", "mail"]),
    unique(name = "code_in_any_case", expressions = [lower("code")])
)]
pub struct EntryForm {
    pub id: BigAuto,
    #[field(max_length = 5)]
    pub name: String,
    #[field(blank)]
    pub slug: Slug,
    #[field(blank)]
    pub mail: Email,
    #[field(blank)]
    pub link: Url,
    #[field(default = 4, validators = [min_value(3), max_value(10), step_value(2)])]
    pub size: u32,
    #[field(max_digits = 5, decimal_places = 2, default = Decimal::new(150, 2))]
    pub price: Decimal,
    #[field(max_length = 10, default = "red", choices = [("red", "Red"), ("blue", "Blue")])]
    pub colour: String,
    #[field(max_length = 10, unique, validators = [min_length(2), regex("^[a-z]+$")])]
    pub code: String,
    #[field(default = last_of_january)]
    pub day: Date,
    #[field(max_length = 20, blank, unique_for_date = "day", error_messages(max_length = "Too long."))]
    pub head_line: String,
    #[field(default = 0)]
    pub low: i32,
    #[field(blank)]
    pub high: Option<i32>,
    #[field(on_delete = cascade, blank, related_name = "entries")]
    pub author: Option<ForeignKey<Author>>,
}

pub fn last_of_january() -> Date {
    Date::from_ymd_opt(2024, 1, 31).expect("a day")
}

quintet::app! {
    library,
    models = [Author, Tag, Book, Review, Cover, Atlas, PrintedBook, Shelf, Answer, Rule, EntryForm],
}

/// The columns of shared fields are the model's own.
#[allow(dead_code)]
pub fn recent() -> Condition {
    let book = quintet::query::columns::<Book>();
    book.created_at().lt(now())
}
