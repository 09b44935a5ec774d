use quintet::prelude::*;

#[derive(Model)]
pub struct Keyless {
    pub count: i32,
}

#[derive(Model)]
pub struct Both {
    #[field(primary_key)]
    pub code: i32,
    #[field(primary_key)]
    pub number: i32,
}

#[derive(Model)]
pub struct Elsewhere {
    pub id: i64,
    #[field(primary_key)]
    pub code: i32,
}

#[derive(Model)]
#[model(primary_key = ["code"])]
pub struct Single {
    pub code: i32,
}

quintet::app! { api, models = [Keyless, Both, Elsewhere, Single] }

fn main() {}
