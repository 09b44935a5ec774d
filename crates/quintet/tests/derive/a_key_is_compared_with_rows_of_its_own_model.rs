use quintet::prelude::*;

#[derive(Model)]
pub struct Author {
    pub id: BigAuto,
}

#[derive(Model)]
pub struct Tag {
    pub id: BigAuto,
}

#[derive(Model)]
pub struct Note {
    pub id: BigAuto,
    #[field(on_delete = cascade, related_name = "notes")]
    pub author: ForeignKey<Author>,
}

quintet::app! { notes, models = [Author, Tag, Note] }

fn wrong(tag: &Tag) {
    let _ = Note::objects().filter(|n| n.author().eq(tag));
    let _ = Note::objects().filter(|n| n.author().eq("ann"));
}

fn main() {}
