use quintet::prelude::*;

#[derive(Model)]
pub struct Note {
    pub id: BigAuto,
    pub number: Auto,
    pub title: String,
    #[field(max_digits = 8)]
    pub price: Option<Decimal>,
    pub double: Generated<i32>,
    pub tags: Option<ManyToMany<Note>>,
}

quintet::app! { api, models = [Note] }

fn main() {}
