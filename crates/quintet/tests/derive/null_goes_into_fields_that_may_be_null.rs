use quintet::prelude::*;

#[derive(Model)]
pub struct Note {
    pub id: BigAuto,
    pub views: i32,
    #[field(blank)]
    pub score: Option<i32>,
}

quintet::app! { notes, models = [Note] }

fn changes(db: &Database, views: Option<i32>) {
    let _ = Note::objects().update(db, |n| n.score().set(views));
    let _ = Note::objects().update(db, |n| n.views().set(views));
    let _ = Note::objects().update(db, |n| n.views().set_null());
}

fn main() {}
