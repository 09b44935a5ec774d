//! Uniqueness of every kind.

use quintet::apps::auth::models::User;
use quintet::prelude::*;
use quintet::serializers::{Rule, UniqueFor, UniqueValidator};

use super::models::{Album, Artist, Event, Seat, Vote};
use super::open::open_sets;
use super::tried::TryView;

#[derive(Serializer)]
#[serializer(model = Event, fields(all))]
pub struct EventSerializer;

/// The day is set by the server, yet is needed by the rules.
#[derive(Serializer)]
#[serializer(model = Event, fields(id, name, hall, held_on))]
pub struct EventReadOnlyDay {
    #[field(read_only, default = the_day)]
    pub held_on: Date,
}

fn the_day() -> models::words::Value {
    models::words::Value::Date("2024-03-15".to_owned())
}

/// The same rules, given by hand with texts of their own.
#[derive(Serializer)]
#[serializer(validators = [
    Rule::unique_for(UniqueFor::Date, "name", "when").rows(Event::objects()).message("That day is {date_field}."),
    Rule::unique_for(UniqueFor::Month, "hall", "when").rows(Event::objects()),
    Rule::unique_for(UniqueFor::Year, "name", "when").rows(Event::objects()),
])]
pub struct EventByRules {
    pub name: String,
    #[field(required = false)]
    pub hall: String,
    #[field(source = "held_on")]
    pub when: Date,
}

#[derive(Serializer)]
#[serializer(model = Seat, fields(all))]
pub struct SeatSerializer;

/// Lacks a half of the constraints.
#[derive(Serializer)]
#[serializer(model = Seat, fields(id, row, holder, status))]
pub struct SeatPart;

/// No rule of the model is asked.
#[derive(Serializer)]
#[serializer(model = Seat, fields(id, row, number), validators = [])]
pub struct SeatFree;

#[derive(Serializer)]
#[serializer(model = Seat, fields(id, line, number, holder, status))]
pub struct SeatSourced {
    #[field(source = "row", max_length = 2)]
    pub line: String,
}

#[derive(Serializer)]
#[serializer(model = Vote, fields(id, document, user, score))]
pub struct VoteSerializer {
    #[field(hidden, default = CurrentUserDefault)]
    pub user: ForeignKey<User>,
}

/// The user is kept when the vote changes.
#[derive(Serializer)]
#[serializer(model = Vote, fields(id, document, user, score))]
pub struct VoteOnce {
    #[field(hidden, default = CreateOnlyDefault(CurrentUserDefault))]
    pub user: ForeignKey<User>,
    #[field(default = CreateOnlyDefault(7))]
    pub score: super::kinds::Integer,
}

#[derive(Serializer)]
#[serializer(model = Vote, fields(id, document, user, score), hooks)]
pub struct VoteShown {
    #[field(read_only, default = CurrentUserDefault)]
    pub user: ForeignKey<User>,
}

impl Serializer for VoteShown {
    async fn create(mut data: Changes<Self>, context: &Context<'_>) -> Result<Vote> {
        data.set(|vote| vote.user().set(context.request().user()));
        data.create(context).await
    }
}

#[derive(Serializer)]
#[serializer(model = Artist, fields(id, name, handle, country))]
pub struct ArtistRules {
    #[field(validators = [UniqueValidator::new(Artist::objects()).message("Known already.").lookup("iexact")])]
    pub name: String,
    #[field(
        source = "slug",
        validators = [UniqueValidator::new(Artist::objects().filter(|artist| artist.country().eq("BR")))]
    )]
    pub handle: Slug,
}

#[derive(Serializer)]
#[serializer(
    model = Album,
    fields(id, artist, title, released),
    validators = [
        Rule::unique_together(&["artist", "title"]).message("{field_names} are taken."),
        Rule::unique_together(&["title", "released"]),
    ]
)]
pub struct AlbumRules;

open_sets! {
    EventViewSet: EventSerializer => Event::objects();
    EventDayViewSet: EventReadOnlyDay => Event::objects();
    SeatViewSet: SeatSerializer => Seat::objects();
    SeatPartViewSet: SeatPart => Seat::objects();
    SeatFreeViewSet: SeatFree => Seat::objects();
    SeatSourcedViewSet: SeatSourced => Seat::objects();
    ArtistRulesViewSet: ArtistRules => Artist::objects();
    AlbumRulesViewSet: AlbumRules => Album::objects();
}

/// Votes, for those who are known.
pub struct VoteViewSet;

impl ModelViewSet for VoteViewSet {
    type Serializer = VoteSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Vote> {
        Vote::objects()
    }
}

macro_rules! known {
    ($($name:ident $kind:ident $serializer:ident;)*) => {$(
        pub struct $name;

        impl $kind for $name {
            type Serializer = $serializer;

            fn queryset(&self, _: &Request) -> QuerySet<Vote> {
                Vote::objects()
            }

            fn name(&self) -> Option<&'static str> {
                Some("Vote")
            }
        }
    )*};
}

known! {
    VoteOnceList ListCreateApiView VoteOnce;
    VoteOnceOne RetrieveUpdateApiView VoteOnce;
    VoteShownList ListCreateApiView VoteShown;
    VoteShownOne RetrieveUpdateApiView VoteShown;
}

pub(super) fn urls() -> Urls {
    let router = SimpleRouter::new()
        .register("events", EventViewSet)
        .register_as("event-days", EventDayViewSet, "event-day")
        .register("seats", SeatViewSet)
        .register_as("seat-parts", SeatPartViewSet, "seat-part")
        .register_as("seat-free", SeatFreeViewSet, "seat-free")
        .register_as("seat-sourced", SeatSourcedViewSet, "seat-sourced")
        .register("votes", VoteViewSet)
        .register_as("artist-rules", ArtistRulesViewSet, "artist-rules")
        .register_as("album-rules", AlbumRulesViewSet, "album-rules");
    urls![
        path("event-rules/", TryView::<EventByRules>::one()),
        path("vote-once/", VoteOnceList),
        path("vote-once/<int:pk>/", VoteOnceOne),
        path("vote-shown/", VoteShownList),
        path("vote-shown/<int:pk>/", VoteShownOne),
        include("", router.urls()),
    ]
}
