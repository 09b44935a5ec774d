use quintet::prelude::*;

#[derive(Model)]
pub struct Note {
    pub id: BigAuto,
    #[field(max_length = 100)]
    pub title: String,
    pub content: Text,
    #[field(default = 0)]
    pub views: i32,
}

quintet::app! { notes, models = [Note] }

async fn make(db: &Database) {
    let _ = create!(db, Note { title: "x", content: "y", vews: 1 }).await;
}

fn main() {}
