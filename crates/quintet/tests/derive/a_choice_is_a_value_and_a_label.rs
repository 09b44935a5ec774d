use quintet::prelude::*;

#[derive(Model)]
pub struct Note {
    pub id: BigAuto,
    #[field(max_length = 8, choices = ["red", "green"])]
    pub colour: String,
    #[field(choices = [("Warm", [1, 2])])]
    pub number: i32,
}

#[derive(Choices, Clone, Copy, Debug, PartialEq)]
pub enum Status {
    Draft = 1,
    Live,
}

#[derive(Choices, Clone, Copy, Debug, PartialEq)]
pub enum Colour {
    #[choice(lable = "Red")]
    Red,
    Other(i32),
}

quintet::app! { api, models = [Note] }

fn main() {}
