use quintet::prelude::*;

#[derive(Model)]
#[model(abstract, ordering = ["-created_at"], swappable = "AUTH_USER_MODEL")]
pub struct Stamps {
    pub created_at: DateTime,
}

fn main() {}
