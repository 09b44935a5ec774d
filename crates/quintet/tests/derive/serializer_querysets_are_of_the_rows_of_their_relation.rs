use quintet::prelude::*;

#[derive(Model)]
pub struct Tag {
    pub id: BigAuto,
    #[field(max_length = 30)]
    pub label: String,
    #[field(on_delete = cascade, blank, related_name = "children")]
    pub parent: Option<ForeignKey<Tag>>,
}

#[derive(Model)]
pub struct Word {
    pub id: BigAuto,
}

quintet::app! { shop, models = [Tag, Word] }

#[derive(Serializer)]
#[serializer(model = Tag, fields(id, label, parent))]
pub struct TagSerializer {
    #[field(queryset = words)]
    pub parent: Option<ForeignKey<Tag>>,
}

fn words() -> QuerySet<Word> {
    Word::objects()
}

fn main() {}
