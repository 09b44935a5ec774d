//! Models of the gallery: nesting, files, ownership, uniqueness, moments.

use std::fmt;

use quintet::apps::auth::models::User;
use quintet::prelude::*;

#[derive(Model, Debug, Clone)]
#[model(ordering = ["id"])]
pub struct Artist {
    pub id: BigAuto,
    #[field(max_length = 40, unique)]
    pub name: String,
    #[field(unique)]
    pub slug: Slug,
    #[field(max_length = 2, blank, choices = [("FR", "France"), ("JP", "Japan"), ("BR", "Brazil")])]
    pub country: String,
    #[field(blank)]
    pub born: Option<Date>,
}

impl fmt::Display for Artist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[derive(Model, Debug, Clone)]
pub struct Profile {
    pub id: BigAuto,
    #[field(on_delete = cascade, related_name = "profile")]
    pub artist: OneToOne<Artist>,
    #[field(blank)]
    pub bio: Text,
    #[field(blank)]
    pub website: Url,
}

#[derive(Model, Debug, Clone)]
#[model(ordering = ["code"])]
pub struct Label {
    pub id: BigAuto,
    #[field(max_length = 12, unique)]
    pub code: Slug,
    #[field(max_length = 30)]
    pub name: String,
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)
    }
}

#[derive(Model, Debug, Clone)]
#[model(ordering = ["id"], unique(fields = ["artist", "title"], name = "album_once"))]
pub struct Album {
    pub id: BigAuto,
    #[field(on_delete = cascade, related_name = "albums")]
    pub artist: ForeignKey<Artist>,
    #[field(max_length = 30)]
    pub title: String,
    #[field(blank)]
    pub released: Option<Date>,
    #[field(max_digits = 6, decimal_places = 2, default = Decimal::new(0, 0))]
    pub price: Decimal,
    #[field(blank, related_name = "albums")]
    pub labels: ManyToMany<Label>,
}

impl fmt::Display for Album {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)
    }
}

#[derive(Model, Debug, Clone)]
#[model(ordering = ["position", "id"], unique_together = [["album", "position"]])]
pub struct Track {
    pub id: BigAuto,
    #[field(on_delete = cascade, related_name = "tracks")]
    pub album: ForeignKey<Album>,
    pub position: u16,
    #[field(max_length = 30)]
    pub title: String,
    #[field(blank)]
    pub length: Option<Duration>,
}

impl fmt::Display for Track {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {}", self.position, self.title)
    }
}

#[derive(Model, Debug, Clone)]
#[model(ordering = ["id"])]
pub struct Credit {
    pub id: BigAuto,
    #[field(on_delete = cascade, related_name = "credits")]
    pub track: ForeignKey<Track>,
    #[field(max_length = 30)]
    pub person: String,
    #[field(max_length = 8, choices = [("writer", "Writer"), ("player", "Player")], default = "player")]
    pub role: String,
}

#[derive(Model, Debug, Clone)]
#[model(ordering = ["id"])]
pub struct Photo {
    pub id: BigAuto,
    #[field(max_length = 20, blank)]
    pub title: String,
    #[field(upload_to = "photos/", max_length = 40)]
    pub image: File,
    #[field(upload_to = thumb_path, blank)]
    pub thumb: File,
    #[field(blank)]
    pub note: Option<File>,
}

pub(super) fn thumb_path(photo: &Photo, name: &str) -> String {
    let folder = if photo.title.is_empty() { "none" } else { &photo.title };
    format!("thumbs/{folder}/{name}")
}

#[derive(Model, Debug, Clone)]
#[model(ordering = ["id"], permissions = [("seal_document", "Can seal document")])]
pub struct Document {
    pub id: BigAuto,
    #[field(on_delete = cascade, related_name = "documents")]
    pub owner: ForeignKey<User>,
    #[field(max_length = 30)]
    pub title: String,
    #[field(max_length = 8, choices = [("draft", "Draft"), ("open", "Open"), ("sealed", "Sealed")], default = "draft")]
    pub state: String,
    #[field(blank, related_name = "editable")]
    pub editors: ManyToMany<User>,
}

#[derive(Model, Debug, Clone)]
#[model(
    ordering = ["id"],
    unique(fields = ["document", "user"], name = "one_vote", message = "You have voted.", code = "voted")
)]
pub struct Vote {
    pub id: BigAuto,
    #[field(on_delete = cascade, related_name = "votes")]
    pub document: ForeignKey<Document>,
    #[field(on_delete = cascade)]
    pub user: ForeignKey<User>,
    #[field(default = 0)]
    pub score: i32,
}

/// Uniqueness for a date, a month and a year.
#[derive(Model, Debug, Clone)]
#[model(ordering = ["id"])]
pub struct Event {
    pub id: BigAuto,
    #[field(max_length = 20, unique_for_date = "held_on")]
    pub name: String,
    #[field(max_length = 20, unique_for_month = "held_on")]
    pub hall: String,
    #[field(max_length = 20, unique_for_year = "held_on", blank)]
    pub guest: String,
    pub held_on: Date,
}

/// Uniqueness by several columns, under a condition, of an expression, and of nulls.
#[derive(Model, Debug, Clone)]
#[model(
    ordering = ["id"],
    unique(fields = ["row", "number"], name = "seat_once"),
    unique(
        fields = ["holder"],
        condition = q("status", "held"),
        name = "seat_one_holder",
        message = "This holder has a seat.",
        code = "held"
    ),
    unique(
        fields = ["row", "holder"],
        condition = q("status", "kept"),
        name = "seat_kept",
        message = "Kept once for a row."
    ),
    unique(fields = ["gate", "lane"], name = "seat_gate", message = "The gate is taken."),
    unique(expressions = [lower("code")], name = "seat_code_ci")
)]
pub struct Seat {
    pub id: BigAuto,
    #[field(max_length = 2)]
    pub row: String,
    pub number: i32,
    #[field(max_length = 10, blank, unique)]
    pub code: Option<String>,
    #[field(max_length = 10, blank)]
    pub holder: Option<String>,
    #[field(max_length = 6, default = "free")]
    pub status: String,
    #[field(blank)]
    pub gate: Option<i32>,
    #[field(blank)]
    pub lane: Option<i32>,
}

#[derive(Model, Debug, Clone)]
#[model(ordering = ["id"])]
pub struct Moment {
    pub id: BigAuto,
    #[field(max_length = 20)]
    pub name: String,
    #[field(blank)]
    pub at: Option<DateTime>,
    #[field(blank)]
    pub day: Option<Date>,
    #[field(blank)]
    pub hour: Option<Time>,
    #[field(blank)]
    pub span: Option<Duration>,
}

/// Found by a key that is text with dots, or by a UUID.
#[derive(Model, Debug, Clone)]
#[model(ordering = ["rank", "key"])]
pub struct Sheet {
    #[field(primary_key)]
    pub id: Uuid,
    #[field(max_length = 20, unique)]
    pub key: String,
    #[field(default = 0)]
    pub rank: i32,
    #[field(on_delete = set_null, blank, related_name = "children")]
    pub parent: Option<ForeignKey<Sheet>>,
}
