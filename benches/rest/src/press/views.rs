//! The views.

use quintet::prelude::*;
use quintet::rest::filter::{FieldFilters, Filters, SearchFilter};
use quintet::rest::pagination::{PageNumberPagination, Pagination};

use super::models::Article;
use super::serializers::{ArticleSerializer, CommentedSerializer};

/// The least that can be answered.
pub async fn hello(_: &Request) -> Result<Response> {
    Ok(Response::json(&json!({"message": "Hello, World!"})))
}

/// The last twenty of who asks.
pub struct Latest;

impl ListApiView for Latest {
    type Serializer = ArticleSerializer;

    fn queryset(&self, request: &Request) -> QuerySet<Article> {
        let own = Article::objects().filter(|article| article.author().eq(request.user()));
        own.order_by(|article| article.created_at().desc()).limit(20)
    }
}

/// The first hundred with what was said of them.
pub struct Commented;

impl ListApiView for Commented {
    type Serializer = CommentedSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Article> {
        Article::objects().order_by(|article| article.id()).limit(100)
    }
}

/// All articles.
pub struct Articles;

impl ModelViewSet for Articles {
    type Serializer = ArticleSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Article> {
        Article::objects().order_by(|article| article.id())
    }

    fn pagination(&self) -> Pagination {
        PageNumberPagination::new(20).into()
    }

    fn filters(&self) -> Filters {
        Filters::new(FieldFilters::exact(["category", "published"])).and(SearchFilter::new(["title", "slug"]))
    }

    async fn perform_create(&self, request: &Request, valid: Valid<ArticleSerializer>) -> Result<Article> {
        valid.save_with(|article| article.author().set(request.user())).await
    }
}
