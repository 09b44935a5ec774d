use quintet::prelude::*;

#[derive(Model)]
pub struct Note {
    pub id: BigAuto,
}

#[derive(Model)]
pub struct Forgotten {
    pub id: BigAuto,
}

quintet::app! { api, models = [Note] }

fn main() {}
