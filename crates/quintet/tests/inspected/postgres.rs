//! Models of the tables of a database, written by `inspectdb`.
//!
//! To be done by hand:
//! - List the models in the `quintet::app!` of their app. All that are here:
//!   `ApiNote`, `AuthGroup`, `AuthGroupPermissions`, `AuthPermission`, `AuthUser`, `AuthUserGroups`,
//!   `AuthUserUserPermissions`, `DjangoAdminLog`, `DjangoContentType`, `DjangoSession`, `ShopBooking`,
//!   `ShopCategory`, `ShopOndelete`, `ShopOrder`, `ShopOrderline`, `ShopProduct`, `ShopProductTags`,
//!   `ShopProductdetail`, `ShopRequired`, `ShopRequiredMany`, `ShopSpecimen`, `ShopTag`, `ShopVendor`,
//!   `TokenBlacklistBlacklistedtoken`, `TokenBlacklistOutstandingtoken`
//! - Look at what is said above a field: it is what the database does not know.
//! - Choose what happens when the other row goes: `on_delete = do_nothing` leaves it to the database.
//! - Names of models and fields may be changed; `db_table` and `db_column` hold the names of the database. A field
//!   that has no `db_column` then needs one.
//! - Migrations change these tables from now on. The first one makes nothing where the tables are there:
//!   `makemigrations`, then `migrate --fake-initial`.

use quintet::prelude::*;

#[derive(Model, Debug, Clone)]
#[model(db_table = "api_note")]
pub struct ApiNote {
    pub id: BigAuto,
    #[field(max_length = 100)]
    pub title: String,
    pub content: Text,
    pub created_at: DateTime,
    #[field(on_delete = do_nothing)]
    pub author: ForeignKey<AuthUser>,
}

#[derive(Model, Debug, Clone)]
#[model(db_table = "auth_group")]
pub struct AuthGroup {
    pub id: Auto,
    #[field(max_length = 150, unique)]
    pub name: String,
}

#[derive(Model, Debug, Clone)]
#[model(
    db_table = "auth_group_permissions",
    unique_together = [["group", "permission"]]
)]
pub struct AuthGroupPermissions {
    pub id: BigAuto,
    #[field(on_delete = do_nothing)]
    pub group: ForeignKey<AuthGroup>,
    #[field(on_delete = do_nothing)]
    pub permission: ForeignKey<AuthPermission>,
}

#[derive(Model, Debug, Clone)]
#[model(
    db_table = "auth_permission",
    unique_together = [["content_type", "codename"]]
)]
pub struct AuthPermission {
    pub id: Auto,
    #[field(max_length = 255)]
    pub name: String,
    #[field(on_delete = do_nothing)]
    pub content_type: ForeignKey<DjangoContentType>,
    #[field(max_length = 100)]
    pub codename: String,
}

#[derive(Model, Debug, Clone)]
#[model(db_table = "auth_user")]
pub struct AuthUser {
    pub id: Auto,
    #[field(max_length = 128)]
    pub password: String,
    #[field(blank)]
    pub last_login: Option<DateTime>,
    pub is_superuser: bool,
    #[field(max_length = 150, unique)]
    pub username: String,
    #[field(max_length = 150)]
    pub first_name: String,
    #[field(max_length = 150)]
    pub last_name: String,
    #[field(max_length = 254)]
    pub email: String,
    pub is_staff: bool,
    pub is_active: bool,
    pub date_joined: DateTime,
}

#[derive(Model, Debug, Clone)]
#[model(db_table = "auth_user_groups", unique_together = [["user", "group"]])]
pub struct AuthUserGroups {
    pub id: BigAuto,
    #[field(on_delete = do_nothing)]
    pub user: ForeignKey<AuthUser>,
    #[field(on_delete = do_nothing)]
    pub group: ForeignKey<AuthGroup>,
}

#[derive(Model, Debug, Clone)]
#[model(
    db_table = "auth_user_user_permissions",
    unique_together = [["user", "permission"]]
)]
pub struct AuthUserUserPermissions {
    pub id: BigAuto,
    #[field(on_delete = do_nothing)]
    pub user: ForeignKey<AuthUser>,
    #[field(on_delete = do_nothing)]
    pub permission: ForeignKey<AuthPermission>,
}

#[derive(Model, Debug, Clone)]
#[model(db_table = "django_admin_log")]
pub struct DjangoAdminLog {
    pub id: Auto,
    pub action_time: DateTime,
    #[field(blank)]
    pub object_id: Option<Text>,
    #[field(max_length = 200)]
    pub object_repr: String,
    pub action_flag: u16,
    pub change_message: Text,
    #[field(on_delete = do_nothing, blank)]
    pub content_type: Option<ForeignKey<DjangoContentType>>,
    #[field(on_delete = do_nothing)]
    pub user: ForeignKey<AuthUser>,
}

#[derive(Model, Debug, Clone)]
#[model(
    db_table = "django_content_type",
    unique_together = [["app_label", "model"]]
)]
pub struct DjangoContentType {
    pub id: Auto,
    #[field(max_length = 100)]
    pub app_label: String,
    #[field(max_length = 100)]
    pub model: String,
}

#[derive(Model, Debug, Clone)]
#[model(db_table = "django_session")]
pub struct DjangoSession {
    #[field(max_length = 40, primary_key)]
    pub session_key: String,
    pub session_data: Text,
    #[field(db_index)]
    pub expire_date: DateTime,
}

#[derive(Model, Debug, Clone)]
#[model(
    db_table = "shop_booking",
    unique(name = "seat_holder", fields = ["seat", "holder"]),
    check(name = "seat_not_negative", condition = q("seat__gte", 0))
)]
pub struct ShopBooking {
    pub id: BigAuto,
    #[field(max_length = 10)]
    pub room: String,
    pub day: Date,
    #[field(blank)]
    pub seat: Option<i32>,
    #[field(max_length = 10)]
    pub holder: String,
}

#[derive(Model, Debug, Clone)]
#[model(db_table = "shop_category")]
pub struct ShopCategory {
    pub id: BigAuto,
    #[field(max_length = 50, unique)]
    pub name: String,
    #[field(max_length = 50, unique)]
    pub slug: String,
    #[field(on_delete = do_nothing, blank)]
    pub parent: Option<ForeignKey<ShopCategory>>,
}

#[derive(Model, Debug, Clone)]
#[model(db_table = "shop_ondelete")]
pub struct ShopOndelete {
    pub id: BigAuto,
    #[field(on_delete = do_nothing, blank)]
    pub cascade: Option<ForeignKey<ShopCategory>>,
    #[field(blank, db_index)]
    pub do_nothing_id: Option<i64>,
    #[field(
        on_delete = do_nothing,
        blank,
        related_name = "shopondelete_protect_set"
    )]
    pub protect: Option<ForeignKey<ShopCategory>>,
    #[field(
        on_delete = do_nothing,
        blank,
        related_name = "shopondelete_restrict_set"
    )]
    pub restrict: Option<ForeignKey<ShopCategory>>,
    #[field(
        on_delete = do_nothing,
        blank,
        related_name = "shopondelete_set_callable_set"
    )]
    pub set_callable: Option<ForeignKey<ShopCategory>>,
    #[field(
        on_delete = do_nothing,
        blank,
        related_name = "shopondelete_set_default_set"
    )]
    pub set_default: Option<ForeignKey<ShopCategory>>,
    #[field(
        on_delete = do_nothing,
        blank,
        related_name = "shopondelete_set_null_set"
    )]
    pub set_null: Option<ForeignKey<ShopCategory>>,
}

#[derive(Model, Debug, Clone)]
#[model(db_table = "shop_order")]
pub struct ShopOrder {
    pub id: BigAuto,
    #[field(max_length = 12, unique)]
    pub number: String,
    pub placed_at: DateTime,
    #[field(on_delete = do_nothing)]
    pub customer: ForeignKey<AuthUser>,
}

#[derive(Model, Debug, Clone)]
#[model(db_table = "shop_orderline", unique_together = [["order", "product"]])]
pub struct ShopOrderline {
    pub id: BigAuto,
    pub amount: u32,
    #[field(max_digits = 8, decimal_places = 2)]
    pub unit_price: Decimal,
    #[field(on_delete = do_nothing)]
    pub order: ForeignKey<ShopOrder>,
    #[field(on_delete = do_nothing)]
    pub product: ForeignKey<ShopProduct>,
}

#[derive(Model, Debug, Clone)]
#[model(
    db_table = "shop_product",
    unique(name = "uniq_name_per_category", fields = ["name", "category"]),
    check(name = "quantity_sane", condition = q("quantity__lte", 1000000)),
    unique(name = "one_gone_per_supplier", fields = ["supplier"], condition = q("status", "gone")),
    index(name = "shop_live_qty_idx", fields = ["quantity"], condition = q("status", "live")),
    index(name = "shop_lower_name_idx", expressions = [lower("name")]),
    index(name = "shop_price_idx", fields = ["price"]),
    index(name = "shop_produc_status_89e52f_idx", fields = ["status", "-created_at"])
)]
pub struct ShopProduct {
    pub id: BigAuto,
    #[field(max_length = 40)]
    pub name: String,
    #[field(max_length = 20, unique)]
    pub sku: String,
    pub description: Text,
    #[field(max_digits = 8, decimal_places = 2)]
    pub price: Decimal,
    pub quantity: u32,
    #[field(max_length = 10)]
    pub status: String,
    #[field(blank)]
    pub released_on: Option<Date>,
    pub created_at: DateTime,
    pub updated_at: DateTime,
    #[field(on_delete = do_nothing)]
    pub category: ForeignKey<ShopCategory>,
    #[field(on_delete = do_nothing, blank)]
    pub supplier: Option<ForeignKey<ShopVendor>>,
}

#[derive(Model, Debug, Clone)]
#[model(db_table = "shop_product_tags", unique_together = [["product", "tag"]])]
pub struct ShopProductTags {
    pub id: BigAuto,
    #[field(on_delete = do_nothing)]
    pub product: ForeignKey<ShopProduct>,
    #[field(on_delete = do_nothing)]
    pub tag: ForeignKey<ShopTag>,
}

#[derive(Model, Debug, Clone)]
#[model(db_table = "shop_productdetail")]
pub struct ShopProductdetail {
    #[field(on_delete = do_nothing, primary_key)]
    pub product: OneToOne<ShopProduct>,
    pub manual: Text,
    pub pages: u16,
}

#[derive(Model, Debug, Clone)]
#[model(db_table = "shop_required")]
pub struct ShopRequired {
    pub id: BigAuto,
    #[field(max_length = 10)]
    pub char: String,
    pub text: Text,
    #[field(max_length = 50, db_index)]
    pub slug: String,
    #[field(max_length = 254)]
    pub email: String,
    #[field(max_length = 200)]
    pub url: String,
    pub integer: i32,
    #[field(max_digits = 6, decimal_places = 2)]
    pub decimal: Decimal,
    pub floating: f64,
    pub boolean: bool,
    pub date: Date,
    pub datetime: DateTime,
    pub time: Time,
    pub duration: Duration,
    pub uuid: Uuid,
    pub json: Json,
    #[field(max_length = 8)]
    pub choice: String,
    #[field(db_default = 7)]
    pub defaulted: i32,
    #[field(on_delete = do_nothing)]
    pub category: ForeignKey<ShopCategory>,
    #[field(on_delete = do_nothing)]
    pub one: OneToOne<ShopTag>,
}

#[derive(Model, Debug, Clone)]
#[model(
    db_table = "shop_required_many",
    unique_together = [["required", "tag"]]
)]
pub struct ShopRequiredMany {
    pub id: BigAuto,
    #[field(on_delete = do_nothing)]
    pub required: ForeignKey<ShopRequired>,
    #[field(on_delete = do_nothing)]
    pub tag: ForeignKey<ShopTag>,
}

#[derive(Model, Debug, Clone)]
#[model(db_table = "shop_specimen")]
pub struct ShopSpecimen {
    pub id: BigAuto,
    #[field(max_length = 10)]
    pub char: String,
    #[field(max_length = 10)]
    pub char_min: String,
    #[field(max_length = 10, blank)]
    pub char_null: Option<String>,
    #[field(max_length = 10, unique, blank)]
    pub char_unique: Option<String>,
    #[field(max_length = 10)]
    pub char_regex: String,
    pub text: Text,
    #[field(max_length = 50, db_index)]
    pub slug: String,
    #[field(max_length = 50, db_index)]
    pub slug_unicode: String,
    #[field(max_length = 254)]
    pub email: String,
    #[field(max_length = 200)]
    pub url: String,
    #[field(blank)]
    pub ip: Option<IpAddr>,
    #[field(blank)]
    pub integer: Option<i32>,
    #[field(blank)]
    pub small: Option<i16>,
    #[field(blank)]
    pub big: Option<i64>,
    #[field(blank)]
    pub pos: Option<u32>,
    #[field(blank)]
    pub pos_small: Option<u16>,
    #[field(blank)]
    pub pos_big: Option<u64>,
    #[field(blank)]
    pub bounded: Option<i32>,
    #[field(max_digits = 6, decimal_places = 2, blank)]
    pub decimal: Option<Decimal>,
    #[field(max_digits = 20, decimal_places = 10, blank)]
    pub decimal_wide: Option<Decimal>,
    #[field(blank)]
    pub floating: Option<f64>,
    pub boolean: bool,
    #[field(blank)]
    pub boolean_null: Option<bool>,
    #[field(blank)]
    pub date: Option<Date>,
    #[field(blank)]
    pub datetime: Option<DateTime>,
    #[field(blank)]
    pub time: Option<Time>,
    #[field(blank)]
    pub duration: Option<Duration>,
    #[field(blank)]
    pub uuid: Option<Uuid>,
    #[field(blank)]
    pub json: Option<Json>,
    #[field(max_length = 8)]
    pub choice: String,
    #[field(blank)]
    pub choice_int: Option<i32>,
    #[field(blank)]
    pub binary: Option<Binary>,
    #[field(max_length = 100, blank)]
    pub file: Option<String>,
    pub auto_uuid: Uuid,
    #[field(db_default = 7)]
    pub db_defaulted: i32,
    #[field(expression = raw("db_defaulted * 2"), db_persist)]
    pub double: Option<Generated<i32>>,
}

#[derive(Model, Debug, Clone)]
#[model(db_table = "shop_tag")]
pub struct ShopTag {
    pub id: BigAuto,
    #[field(max_length = 30, unique)]
    pub label: String,
    #[field(db_index)]
    pub weight: i32,
}

#[derive(Model, Debug, Clone)]
#[model(db_table = "shop_vendor")]
pub struct ShopVendor {
    pub id: BigAuto,
    #[field(max_length = 60, db_index)]
    pub name: String,
    #[field(max_length = 254, unique)]
    pub email: String,
    #[field(max_length = 200)]
    pub website: String,
}

#[derive(Model, Debug, Clone)]
#[model(db_table = "token_blacklist_blacklistedtoken")]
pub struct TokenBlacklistBlacklistedtoken {
    pub id: BigAuto,
    pub blacklisted_at: DateTime,
    #[field(on_delete = do_nothing)]
    pub token: OneToOne<TokenBlacklistOutstandingtoken>,
}

#[derive(Model, Debug, Clone)]
#[model(db_table = "token_blacklist_outstandingtoken")]
pub struct TokenBlacklistOutstandingtoken {
    pub id: BigAuto,
    pub token: Text,
    #[field(blank)]
    pub created_at: Option<DateTime>,
    pub expires_at: DateTime,
    #[field(on_delete = do_nothing, blank)]
    pub user: Option<ForeignKey<AuthUser>>,
    #[field(max_length = 255, unique)]
    pub jti: String,
}
