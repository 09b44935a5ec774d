use quintet::prelude::*;

#[derive(Model)]
pub struct Tag {
    pub id: BigAuto,
    #[field(max_length = 30)]
    pub label: String,
}

quintet::app! { shop, models = [Tag] }

#[derive(Serializer)]
#[serializer(model = Tag, fields(id, label), validate(label = checked))]
pub struct TagSerializer;

fn checked(label: i64) -> Result<i64> {
    Ok(label)
}

fn main() {}
