use quintet::prelude::*;

#[derive(Model)]
pub struct Note {
    pub id: BigAuto,
    #[field(max_length = 100)]
    pub title: String,
    pub views: i32,
}

quintet::app! { notes, models = [Note] }

fn main() {
    let _ = Note::objects().filter(|n| n.title().eq(1));
    let _ = Note::objects().filter(|n| n.views().icontains("x"));
    let _ = Note::objects().filter(|n| n.titel().eq("x"));
    let _ = Note::objects().order_by(|n| n.title().eq("x"));
}
