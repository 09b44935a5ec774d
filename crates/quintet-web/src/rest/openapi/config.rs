//! The settings of the description, by the reference's names where it has one.

use quintet_core::settings_section;

settings_section! {
    /// What the description of the API says of it as a whole; the reference's `SPECTACULAR_SETTINGS`.
    pub struct OpenApi in "openapi." {
        /// The name of the API.
        title: String = String::new(), "TITLE";
        /// The version of the API: not that of a versioning scheme, which stands behind it.
        version: String = "0.0.0".to_owned(), "VERSION";
        /// What is said of it, in Markdown.
        description: String = String::new(), "DESCRIPTION";
        /// The addresses at which it is served; none means: where the description itself is.
        servers: Vec<String> = vec![], "SERVERS";
        /// What stands before the words of which names of operations and tags are made, as `/api/v1`; by `None` what all
        /// paths have in common.
        schema_path_prefix: Option<String> = None, "SCHEMA_PATH_PREFIX";
        /// Whether the description's own view is in it.
        serve_include_schema: bool = true, "SERVE_INCLUDE_SCHEMA";
    }
}
