use quintet::prelude::*;

#[derive(Model)]
pub struct Note {
    pub id: Uuid,
}

#[derive(Model)]
pub struct Tag {
    #[field(primary_key)]
    pub code: Option<i32>,
}

quintet::app! { api, models = [Note, Tag] }

fn main() {}
