use quintet::prelude::*;

#[derive(Model)]
pub struct Tag {
    pub id: BigAuto,
    #[field(max_length = 30)]
    pub label: String,
}

quintet::app! { shop, models = [Tag] }

#[derive(Serializer)]
#[serializer(model = Tag, fields(id, label), hooks)]
pub struct TagSerializer;

async fn create(request: &Request, data: quintet::serializers::Data) -> Result<()> {
    quintet::serializers::validate::<TagSerializer>(request, &data, None, false).await?;
    Ok(())
}

fn main() {}
