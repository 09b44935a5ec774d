//! The settings of the REST layer, by the reference's names.

use std::collections::BTreeMap;

use quintet_core::rest::{DurationFormat, Format, Settings};
use quintet_core::settings_section;

use super::authentication::Authenticator;
use super::exception::ExceptionHandler;
use super::filter::Filters;
use super::negotiate::Negotiation;
use super::pagination::Pagination;
use super::parse::{FormParser, JsonParser, MultiPartParser, Parser};
use super::permission::{AllowAny, Permission};
use super::render::{BrowsableApiRenderer, JsonRenderer, Renderer, Templates};
use super::throttle::{CounterStore, Rate, Throttler};
use super::versioning::Versioning;

settings_section! {
    /// How API views behave that do not choose for themselves; the reference's `REST_FRAMEWORK`.
    pub struct RestFramework in "rest_framework." {
        /// Who may ask. New projects say `IsAuthenticated`; several are `(IsAuthenticated, OnWeekdays).into()`.
        default_permission_classes: Permission = AllowAny.into(), "DEFAULT_PERMISSION_CLASSES";
        /// How it is told who asks, tried in this order.
        default_authentication_classes: Vec<Authenticator> = vec![], "DEFAULT_AUTHENTICATION_CLASSES";
        /// How often the same may ask: `vec![AnonRateThrottle.into(), UserRateThrottle.into()]`.
        default_throttle_classes: Vec<Throttler> = vec![], "DEFAULT_THROTTLE_CLASSES";
        /// Rates by scope: `anon`, `user`, and those that views name as `throttle_scope`; written as `10/min`.
        default_throttle_rates: BTreeMap<String, String> = BTreeMap::new(), "DEFAULT_THROTTLE_RATES";
        /// Where requests are counted: `CounterStore::cache("shared")` is in that cache, or counters of your own.
        throttle_counters: CounterStore = CounterStore::default(), "CACHES";
        /// How many proxies in front write `X-Forwarded-For`; by `None` throttles believe whatever stands there.
        num_proxies: Option<usize> = None, "NUM_PROXIES";
        /// What reads the bodies of requests; the first that fits their `Content-Type`.
        default_parser_classes: Vec<Parser> = vec![JsonParser.into(), FormParser.into(), MultiPartParser.into()], "DEFAULT_PARSER_CLASSES";
        /// What writes answers; the first that fits `Accept`. Leave out the second where only programs come.
        default_renderer_classes: Vec<Renderer> = vec![JsonRenderer.into(), BrowsableApiRenderer.into()], "DEFAULT_RENDERER_CLASSES";
        /// How a renderer and a parser are chosen: `Some(Mine.into())`; by `None` by `?format=`, `Accept` and `Content-Type`.
        default_content_negotiation_class: Option<Negotiation> = None, "DEFAULT_CONTENT_NEGOTIATION_CLASS";
        /// The field of the query that chooses a renderer; `None` is none.
        url_format_override: Option<String> = Some("format".to_owned()), "URL_FORMAT_OVERRIDE";
        /// Writes text in JSON as it is; else everything beyond ASCII is escaped.
        unicode_json: bool = true, "UNICODE_JSON";
        /// Writes JSON without spaces.
        compact_json: bool = true, "COMPACT_JSON";
        /// Refuses floats that are not finite, of which JSON has none.
        strict_json: bool = true, "STRICT_JSON";
        /// How the lists of generic views are divided into pages: `PageNumberPagination::new(50).into()`.
        default_pagination_class: Pagination = Pagination::None, "DEFAULT_PAGINATION_CLASS";
        /// What a client may ask of lists of views without `filters` of their own: `Filters::new(SearchFilter::default())`.
        default_filter_backends: Filters = Filters::none(), "DEFAULT_FILTER_BACKENDS";
        /// How a version of the API is asked for: `Some(UrlPathVersioning.into())`; by `None` there are none.
        default_versioning_class: Option<Versioning> = None, "DEFAULT_VERSIONING_CLASS";
        /// The version of a request that asks for none.
        default_version: Option<String> = None, "DEFAULT_VERSION";
        /// The versions that there are, besides the default; any, where there are none.
        allowed_versions: Vec<String> = vec![], "ALLOWED_VERSIONS";
        /// What a version is called in paths, queries and `Accept`.
        version_param: String = "version".to_owned(), "VERSION_PARAM";
        /// The parameter that lists are searched by.
        search_param: String = "search".to_owned(), "SEARCH_PARAM";
        /// The parameter that lists are ordered by.
        ordering_param: String = "ordering".to_owned(), "ORDERING_PARAM";
        /// The name of the field that is a row's own address.
        url_field_name: String = "url".to_owned(), "URL_FIELD_NAME";
        /// Writes decimal numbers as text, so that no digit is lost.
        coerce_decimal_to_string: bool = true, "COERCE_DECIMAL_TO_STRING";
        /// Writes large whole numbers as text, for clients that count in floats.
        coerce_bigint_to_string: bool = false, "COERCE_BIGINT_TO_STRING";
        /// Writes files as URLs instead of names.
        uploaded_files_use_url: bool = true, "UPLOADED_FILES_USE_URL";
        /// The name of errors that belong to no field.
        non_field_errors_key: String = "non_field_errors".to_owned(), "NON_FIELD_ERRORS_KEY";
        /// Puts what is wrong with members of a list under their numbers; else in a list with a place for each member.
        list_serializer_errors_as_dict: bool = true, "LIST_SERIALIZER_ERRORS_AS_DICT";
        /// How moments are written: `iso-8601`, or directives of `strftime`.
        datetime_format: String = ISO.to_owned(), "DATETIME_FORMAT";
        /// How moments may be given.
        datetime_input_formats: Vec<String> = vec![ISO.to_owned()], "DATETIME_INPUT_FORMATS";
        /// How dates are written.
        date_format: String = ISO.to_owned(), "DATE_FORMAT";
        /// How dates may be given.
        date_input_formats: Vec<String> = vec![ISO.to_owned()], "DATE_INPUT_FORMATS";
        /// How times of day are written.
        time_format: String = ISO.to_owned(), "TIME_FORMAT";
        /// How times of day may be given.
        time_input_formats: Vec<String> = vec![ISO.to_owned()], "TIME_INPUT_FORMATS";
        /// How spans of time are written: as the reference's language does, or `iso-8601`.
        duration_format: Option<String> = None, "DURATION_FORMAT";
        /// What the test client writes data as: `json` or `multipart`.
        test_request_default_format: String = "json".to_owned(), "TEST_REQUEST_DEFAULT_FORMAT";
        /// How many rows a page offers to choose from at most; by `None` all of them.
        html_select_cutoff: Option<usize> = Some(1000), "HTML_SELECT_CUTOFF";
        /// What stands behind the last of them where there are more.
        html_select_cutoff_text: String = "More than {count} items...".to_owned(), "HTML_SELECT_CUTOFF_TEXT";
        /// Templates of your own for the browsable API, by name: `Templates::new(&[(NAME, include_str!("api.html"))])`.
        templates: Templates = Templates::default(), "TEMPLATES";
        /// What makes an answer of an error.
        exception_handler: ExceptionHandler = ExceptionHandler::default(), "EXCEPTION_HANDLER";
    }
}

const ISO: &str = "iso-8601";

impl RestFramework {
    /// What the fields of serializers look at.
    pub(crate) fn field_settings(&self) -> Settings {
        let format = |text: &String| match text.as_str() {
            ISO => Format::Iso8601,
            pattern => Format::Pattern(pattern.to_owned()),
        };
        let formats = |texts: &[String]| texts.iter().map(format).collect();
        Settings {
            datetime_format: format(&self.datetime_format),
            datetime_input_formats: formats(&self.datetime_input_formats),
            date_format: format(&self.date_format),
            date_input_formats: formats(&self.date_input_formats),
            time_format: format(&self.time_format),
            time_input_formats: formats(&self.time_input_formats),
            coerce_decimal_to_string: self.coerce_decimal_to_string,
            coerce_bigint_to_string: self.coerce_bigint_to_string,
            duration_format: match self.duration_format.as_deref() {
                Some(ISO) => DurationFormat::Iso8601,
                _ => DurationFormat::Plain,
            },
            uploaded_files_use_url: self.uploaded_files_use_url,
            non_field_errors_key: self.non_field_errors_key.clone(),
            list_serializer_errors_as_dict: self.list_serializer_errors_as_dict,
        }
    }

    /// What is wrong with these settings, each as a text.
    pub(crate) fn problems(&self) -> impl Iterator<Item = String> {
        let rates = self.default_throttle_rates.iter();
        let unknown = self.duration_format.iter().filter(|format| *format != ISO).map(|format| {
            format!("`rest_framework.duration_format` is `{format}`, and there is only `{ISO}`\nhint: leave it out for the usual format")
        });
        let templates = self.templates.problems().into_iter();
        unknown.chain(templates).chain(rates.filter_map(|(scope, rate)| {
            let told = Rate::parse(rate).err().filter(|_| !rate.is_empty())?;
            Some(format!("`rest_framework.default_throttle_rates` of `{scope}`: {told}"))
        }))
    }
}
