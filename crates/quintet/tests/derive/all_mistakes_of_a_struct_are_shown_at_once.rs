use quintet::prelude::*;

#[derive(Model)]
#[model(ordring = "-id", index(fields = ["titel"]), check(name = "x"), unique_together = ["a", "b"])]
pub struct Note {
    pub id: BigAuto,
    #[field(max_lenght = 100, null)]
    pub title: String,
    #[field(on_delete = cascde, related_name)]
    pub author: ForeignKey<Note>,
    #[field(auto_now, default = 1, blank = 3)]
    pub created__at: DateTime,
}

quintet::app! { api, models = [Note] }

fn main() {}
