//! Users, groups and what they may do.
//!
//! A project's own user model flattens [`AbstractUser`], or [`AbstractBaseUser`] and [`PermissionsMixin`], and is named
//! by the setting `auth_user_model`.

use quintet_core::schema::{Field, OnDelete, Rule, Validator, Value, words};

use crate::apps::contenttypes::models::ContentType;
use crate::models::derive::{Aspects, Cell, Column, FLAT, NULL, ON_DELETE, PRIMARY_KEY, RELATED, Result, TO_FIELD};
use crate::models::*;

/// Something that a user may do to the rows of a model.
#[derive(Model, Clone, Debug)]
#[model(
    verbose_name = "permission",
    verbose_name_plural = "permissions",
    unique_together = [["content_type", "codename"]],
    ordering = ["content_type__app_label", "content_type__model", "codename"]
)]
pub struct Permission {
    /// Its number.
    pub id: Auto,
    /// `Can add note`.
    #[field(max_length = 255, verbose_name = "name")]
    pub name: String,
    /// The model.
    #[field(on_delete = cascade, verbose_name = "content type")]
    pub content_type: ForeignKey<ContentType>,
    /// `add_note`.
    #[field(max_length = 100, verbose_name = "codename")]
    pub codename: String,
}

/// Users who may do the same.
#[derive(Model, Clone, Debug)]
#[model(verbose_name = "group", verbose_name_plural = "groups")]
pub struct Group {
    /// Its number.
    pub id: Auto,
    /// Its name.
    #[field(max_length = 150, unique, verbose_name = "name")]
    pub name: String,
    /// What its users may do.
    #[field(blank, verbose_name = "permissions")]
    pub permissions: ManyToMany<Permission>,
}

/// What every user model has.
#[derive(Model, Clone, Debug)]
#[model(abstract)]
pub struct AbstractBaseUser {
    /// The password's hash.
    #[field(max_length = 128, verbose_name = "password")]
    pub password: String,
    /// When the user logged in last.
    #[field(blank, verbose_name = "last login")]
    pub last_login: Option<DateTime>,
}

/// What a user model has whose users have permissions.
#[derive(Model, Clone, Debug)]
#[model(abstract)]
pub struct PermissionsMixin {
    /// May do everything.
    #[field(
        default = false,
        verbose_name = "superuser status",
        help_text = "Designates that this user has all permissions without explicitly assigning them."
    )]
    pub is_superuser: bool,
    /// The groups that the user is in.
    #[field(
        blank,
        verbose_name = "groups",
        related_name = "user_set",
        related_query_name = "user",
        help_text = "The groups this user belongs to. A user will get all permissions granted to each of their groups."
    )]
    pub groups: ManyToMany<Group>,
    /// What the user may do besides.
    #[field(
        blank,
        verbose_name = "user permissions",
        related_name = "user_set",
        related_query_name = "user",
        help_text = "Specific permissions for this user."
    )]
    pub user_permissions: ManyToMany<Permission>,
}

/// A whole user, to which a project's own model adds what it likes.
#[derive(Model, Clone, Debug)]
#[model(abstract)]
pub struct AbstractUser {
    /// Password and last login.
    #[field(flatten)]
    pub base: AbstractBaseUser,
    /// Permissions.
    #[field(flatten)]
    pub permissions: PermissionsMixin,
    /// The name to log in with.
    #[field(
        max_length = 150,
        unique,
        verbose_name = "username",
        help_text = "Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
        validators = [Validator::new(Rule::Username(false))],
        error_messages(unique = "A user with that username already exists.")
    )]
    pub username: String,
    /// The first name.
    #[field(max_length = 150, blank, verbose_name = "first name")]
    pub first_name: String,
    /// The last name.
    #[field(max_length = 150, blank, verbose_name = "last name")]
    pub last_name: String,
    /// The e-mail address.
    #[field(blank, verbose_name = "email address")]
    pub email: Email,
    /// May use the admin.
    #[field(
        default = false,
        verbose_name = "staff status",
        help_text = "Designates whether the user can log into this admin site."
    )]
    pub is_staff: bool,
    /// May log in.
    #[field(
        default = true,
        verbose_name = "active",
        help_text = "Designates whether this user should be treated as active. Unselect this instead of deleting accounts."
    )]
    pub is_active: bool,
    /// When the user came.
    #[field(default = utc_now, verbose_name = "date joined")]
    pub date_joined: DateTime,
}

/// The user model of a project that has none of its own.
#[derive(Model, Clone, Debug)]
#[model(swappable = "AUTH_USER_MODEL", verbose_name = "user", verbose_name_plural = "users")]
pub struct User {
    /// Its number.
    pub id: Auto,
    /// Everything else.
    #[field(flatten)]
    pub user: AbstractUser,
}

/// The key of a row of the project's user model, whichever that is: a number, text or a UUID.
///
/// For apps that are made for any project. A project's own models name its user model: `ForeignKey<User>`.
#[derive(Clone, Debug, PartialEq)]
pub struct UserKey {
    /// The user's primary key.
    pub id: Value,
}

impl FieldType for UserKey {
    type Base = Value;
    type Compared = Value;
    type Column = Column<Self>;
    type NullColumn = Column<Option<Self>>;

    const TAKES: Aspects = ON_DELETE | RELATED | TO_FIELD | PRIMARY_KEY | NULL | FLAT;
    const NEEDS: Aspects = ON_DELETE;

    fn field() -> Field {
        // The attribute `on_delete`, without which it does not compile, says the rule.
        words::foreign_key(words::user_model(), OnDelete::Cascade)
    }

    fn from_cell(cell: Cell) -> Result<Self> {
        Ok(Self { id: cell.into() })
    }

    fn to_value(&self) -> Value {
        self.id.clone()
    }

    fn base(&self) -> Value {
        self.id.clone()
    }
}
