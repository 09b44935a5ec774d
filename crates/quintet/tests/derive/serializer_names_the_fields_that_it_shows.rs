use quintet::prelude::*;

#[derive(Model)]
pub struct Tag {
    pub id: BigAuto,
    #[field(max_length = 30)]
    pub label: String,
}

quintet::app! { shop, models = [Tag] }

#[derive(Serializer)]
#[serializer(model = Tag)]
pub struct Bare;

#[derive(Serializer)]
#[serializer(model = Tag, fields(id, label), read_only(lable), validate(name = checked), colour = "red")]
pub struct Misspelt {
    #[field(read_onyl)]
    pub extra: String,
}

fn checked(name: String) -> Result<String> {
    Ok(name)
}

#[derive(Serializer)]
pub struct Empty;

fn main() {}
