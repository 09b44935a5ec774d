//! Content types: a row for each model of the project, by which other rows refer to a model.

use crate::models::*;

/// A model of the project.
#[derive(Model, Clone, Debug)]
#[model(
    db_table = "django_content_type",
    verbose_name = "content type",
    verbose_name_plural = "content types",
    unique_together = [["app_label", "model"]]
)]
pub struct ContentType {
    /// Its number.
    pub id: Auto,
    /// The app's label.
    #[field(max_length = 100)]
    pub app_label: String,
    /// The model's name, in lower case.
    #[field(max_length = 100, verbose_name = "python model class name")]
    pub model: String,
}
