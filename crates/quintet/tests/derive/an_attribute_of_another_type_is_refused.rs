use quintet::prelude::*;

#[derive(Model)]
pub struct Note {
    pub id: BigAuto,
    #[field(max_length = 10)]
    pub done: bool,
    #[field(max_length = 10, auto_now)]
    pub title: String,
    #[field(related_name = "x", upload_to = "y")]
    pub count: i32,
}

quintet::app! { api, models = [Note] }

fn main() {}
