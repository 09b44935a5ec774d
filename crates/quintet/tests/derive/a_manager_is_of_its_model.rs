use quintet::prelude::*;

pub struct Live;

#[derive(Model)]
#[model(manager = Live)]
pub struct Note {
    pub id: BigAuto,
}

quintet::app! { notes, models = [Note] }

fn main() {}
