use quintet::prelude::*;

#[derive(Model)]
#[model(abstract, ordering = "-created_at")]
pub struct Stamps {
    pub created_at: DateTime,
}

fn main() {}
