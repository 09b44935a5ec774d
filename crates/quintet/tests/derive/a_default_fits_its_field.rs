use quintet::prelude::*;

fn label() -> String {
    String::new()
}

#[derive(Model)]
pub struct Note {
    pub id: BigAuto,
    #[field(default = "yes")]
    pub done: bool,
    #[field(default = label)]
    pub count: i32,
}

#[derive(Model)]
pub struct Tag {
    pub id: BigAuto,
    #[field(default = || 1)]
    pub count: i32,
}

quintet::app! { api, models = [Note, Tag] }

fn main() {}
