use quintet::prelude::*;

#[derive(Model)]
pub struct Page<T> {
    pub id: BigAuto,
    pub of: T,
}

#[derive(Model)]
pub enum Status {
    Draft,
}

#[derive(Model)]
pub struct Nothing;

#[derive(Model)]
pub struct Pair(pub BigAuto, pub i32);

#[derive(Model)]
#[model(proxy)]
pub struct Face {
    pub id: BigAuto,
}

fn main() {}
