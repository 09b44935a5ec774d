use quintet::prelude::*;

#[derive(Model)]
pub struct Note {
    pub id: BigAuto,
    pub author: ForeignKey<Note>,
    pub reviewer: Option<OneToOne<Note>>,
    #[field(on_delete = set_null)]
    pub editor: ForeignKey<Note>,
}

quintet::app! { api, models = [Note] }

fn main() {}
