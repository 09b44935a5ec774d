use quintet::prelude::*;

#[derive(Model)]
pub struct Note {
    pub id: BigAuto,
    #[field(blank)]
    pub content: Text,
    #[field(blank)]
    pub views: i32,
}

quintet::app! { notes, models = [Note] }

async fn make(db: &Database) {
    let _ = create!(db, Note {}).await;
}

fn main() {}
