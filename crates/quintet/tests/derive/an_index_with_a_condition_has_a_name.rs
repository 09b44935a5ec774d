use quintet::prelude::*;

#[derive(Model)]
#[model(
    index(fields = ["title"], condition = q("title", "x")),
    index(name = "nothing"),
    index(fields = ["title"], knd = gin),
    index(fields = ["title"], kind = jin),
    unique(fields = ["title"]),
)]
pub struct Note {
    pub id: BigAuto,
    #[field(max_length = 10)]
    pub title: String,
}

quintet::app! { api, models = [Note] }

fn main() {}
