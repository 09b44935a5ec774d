use quintet::prelude::*;

#[derive(Model)]
pub struct Tag {
    pub id: BigAuto,
    #[field(max_length = 30)]
    pub label: String,
}

quintet::app! { shop, models = [Tag] }

#[derive(Serializer)]
#[serializer(model = Tag, fields(id, loud))]
pub struct TagSerializer {
    #[field(source = loud)]
    pub loud: bool,
}

fn loud(tag: &Tag) -> String {
    tag.label.to_uppercase()
}

fn main() {}
