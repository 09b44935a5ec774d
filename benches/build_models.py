"""The text of an app with ten models, their serializers, view sets and addresses, for benches/build.py.

`files` has all of it by its paths in the app's folder; what `startapp` wrote there and is not named stays. Knows nothing of
builds.
"""

APP = "shop"
MODELS = (
    "Supplier", "Category", "Product", "Customer", "Address", "Basket", "Order", "Payment", "Delivery", "Review",
)

# What a rebuild changes: a model's text, and a view's.
LENGTH, ANSWER = "max_length = 80", "The app works."


def files():
    return {"mod.rs": module(), "models.rs": models(), "serializers.rs": serializers(), "views.rs": views(), "urls.rs": urls()}


def module():
    names = ", ".join(f"models::{name}" for name in MODELS)
    return f"""//! A shop.

pub mod migrations;
pub mod models;
pub mod serializers;
pub mod urls;
pub mod views;

#[cfg(test)]
mod tests;

quintet::app! {{ {APP}, models = [{names}], migrations = migrations::all(), urls = urls::urls }}
"""


def models():
    rows = (model(name, before) for name, before in zip(MODELS, (None, *MODELS)))
    return "//! What the shop keeps.\n\nuse quintet::apps::auth::models::User;\nuse quintet::prelude::*;\n" + "".join(rows)


def model(name, before):
    """Nine fields; from the second on one that leads to the model before."""
    key = f"    #[field(on_delete = cascade)]\n    pub {before.lower()}: ForeignKey<{before}>,\n" if before else ""
    return f"""
#[derive(Model, Debug, Clone)]
pub struct {name} {{
    pub id: BigAuto,
    #[field({LENGTH})]
    pub name: String,
    #[field(max_length = 60, unique)]
    pub slug: Slug,
    #[field(blank)]
    pub description: Text,
    #[field(default = 0)]
    pub count: i32,
    #[field(default = true)]
    pub active: bool,
    #[field(max_digits = 8, decimal_places = 2)]
    pub price: Decimal,
    #[field(auto_now_add)]
    pub created_at: DateTime,
    #[field(on_delete = cascade)]
    pub owner: ForeignKey<User>,
{key}}}
"""


def serializers():
    text = "//! How it is shown and checked.\n\nuse super::models::*;\nuse quintet::prelude::*;\n"
    for name, before in zip(MODELS, (None, *MODELS)):
        fields = "id, name, slug, description, count, active, price, created_at, owner"
        fields += f", {before.lower()}" if before else ""
        text += f"\n#[derive(Serializer)]\n#[serializer(model = {name}, fields({fields}), read_only(owner))]\n"
        text += f"pub struct {name}Serializer;\n"
    return text


def views():
    text = f"""//! What the shop answers.

use super::models::*;
use super::serializers::*;
use quintet::prelude::*;

pub async fn index(_request: &Request) -> Result<Response> {{
    Ok(Response::json(&json!({{ "message": "{ANSWER}" }})))
}}
"""
    for name in MODELS:
        text += f"""
pub struct {name}ViewSet;

impl ModelViewSet for {name}ViewSet {{
    type Serializer = {name}Serializer;

    fn queryset(&self, request: &Request) -> QuerySet<{name}> {{
        {name}::objects().filter(|row| row.owner().eq(request.user()))
    }}

    async fn perform_create(&self, request: &Request, valid: Valid<{name}Serializer>) -> Result<{name}> {{
        valid.save_with(|row| row.owner().set(request.user())).await
    }}
}}
"""
    return text


def urls():
    lines = "".join(f'\n        .register("{name.lower()}", views::{name}ViewSet)' for name in MODELS)
    return f"""//! The addresses of the shop.

use super::views;
use quintet::prelude::*;

pub fn urls() -> Urls {{
    urls![
        path("", get(views::index).permissions(AllowAny), name = "index"),
        include("", router()),
    ]
}}

fn router() -> Urls {{
    SimpleRouter::new(){lines}
        .urls()
}}
"""


def included(text):
    """`src/urls.rs` of a new project, with the app's addresses as `startapp` says they are put there."""
    mark = "    urls![\n"
    if mark not in text:
        raise RuntimeError("`src/urls.rs` of a new project does not hold `urls![` any more")
    return text.replace(mark, f'{mark}        include("{APP}/", crate::{APP}::urls::urls(), namespace = "{APP}"),\n', 1)
