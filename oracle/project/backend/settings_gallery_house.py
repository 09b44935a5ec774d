"""The gallery with most defaults of the REST layer replaced."""
from .settings_gallery import *  # noqa: F401,F403
from .settings_gallery import REST_FRAMEWORK

TIME_ZONE = "Asia/Kolkata"

REST_FRAMEWORK = {
    **REST_FRAMEWORK,
    "EXCEPTION_HANDLER": "gallery.house.exception_handler",
    "NON_FIELD_ERRORS_KEY": "_all",
    "LIST_SERIALIZER_ERRORS_AS_DICT": False,
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 2,
    "DEFAULT_FILTER_BACKENDS": ["rest_framework.filters.SearchFilter", "rest_framework.filters.OrderingFilter"],
    "SEARCH_PARAM": "q",
    "ORDERING_PARAM": "sort",
    "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.AcceptHeaderVersioning",
    "DEFAULT_VERSION": "1.0",
    "ALLOWED_VERSIONS": ["1.0", "2.0"],
    "VERSION_PARAM": "v",
    "URL_FORMAT_OVERRIDE": "fmt",
    "URL_FIELD_NAME": "href",
    "DATE_FORMAT": "%d.%m.%Y",
    "DATE_INPUT_FORMATS": ["%d.%m.%Y", "iso-8601"],
    "DATETIME_FORMAT": "%Y-%m-%d %H:%M %z",
    "DATETIME_INPUT_FORMATS": ["iso-8601", "%d.%m.%Y %H:%M"],
    "TIME_FORMAT": "%H:%M",
    "TIME_INPUT_FORMATS": ["%H:%M", "%I %p"],
    "DURATION_FORMAT": "iso-8601",
    "UPLOADED_FILES_USE_URL": False,
    "COERCE_DECIMAL_TO_STRING": False,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "NUM_PROXIES": 1,
}
