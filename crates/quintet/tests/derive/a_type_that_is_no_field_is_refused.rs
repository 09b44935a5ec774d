use quintet::prelude::*;

pub enum Status {
    Draft,
}

pub struct Stamps {
    pub created_at: DateTime,
}

#[derive(Model)]
pub struct Note {
    pub id: BigAuto,
    pub status: Status,
    #[field(flatten)]
    pub stamps: Stamps,
}

quintet::app! { api, models = [Note] }

fn main() {}
