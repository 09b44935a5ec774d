//! One database, two owners: what the reference migrated we go on with, and it goes on with what we migrated.
//!
//! Everything is done by the real programs on real databases of both kinds. The reference's own doing is what is right.

use quintet_tests::databases::{Scratch, each};
use quintet_tests::django;
use quintet_tests::support::{Said, scale};

/// Who migrates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    We,
    Reference,
}

use Owner::{Reference, We};

impl Owner {
    fn says(self, database: &Scratch, words: &[&str]) -> Said {
        match self {
            We => database.manage(words),
            Reference => django::manage(database, words),
        }
    }

    /// The same, where it must go well.
    fn does(self, database: &Scratch, words: &[&str]) -> String {
        let said = self.says(database, words);
        assert_eq!(said.code, 0, "{self:?} {words:?} on {}: {said:?}", database.url);
        said.out
    }
}

/// A database on which these did all this, one after the other.
fn after(kind: &Scratch, deeds: &[(Owner, &[&str])]) -> Option<Scratch> {
    let database = if kind.is_sqlite() { Scratch::sqlite() } else { Scratch::postgres()? };
    deeds.iter().for_each(|(owner, words)| drop(owner.does(&database, words)));
    Some(database)
}

/// Asserts that two databases are the same: tables to the last detail, records, and the rows that exist because models do.
fn assert_same(ours: &Scratch, theirs: &Scratch, what: &str) {
    assert_eq!(ours.recorded(), theirs.recorded(), "{what}: what is recorded");
    let (here, there) = (ours.schema(), theirs.schema());
    assert_eq!(there.diff(&here), "", "{what}: `-` is the reference's, `+` is ours");
    assert!(here == there, "{what}: the order of columns differs\n{here:#?}\n{there:#?}");
    for table in ["django_content_type", "auth_permission"] {
        assert_eq!(ours.content(&[table]), theirs.content(&[table]), "{what}: {table}");
    }
}

fn assert_complete(owner: Owner, database: &Scratch) {
    owner.does(database, &["migrate", "--check"]);
    owner.does(database, &["makemigrations", "--check", "--dry-run"]);
    let said = owner.does(database, &["migrate"]);
    assert!(said.contains("  No migrations to apply.\n"), "{said}");
    assert!(!said.contains("changes that are not yet reflected"), "{said}");
}

#[test]
fn what_the_reference_migrated_is_complete_for_us() {
    if !django::is_here() {
        return;
    }
    for database in each() {
        Reference.does(&database, &["migrate"]);
        let before =
            (database.schema(), database.content(&["django_migrations", "django_content_type", "auth_permission"]));
        assert_complete(We, &database);
        let after =
            (database.schema(), database.content(&["django_migrations", "django_content_type", "auth_permission"]));
        assert!(before == after, "looking changed something");
    }
}

#[test]
fn what_we_migrated_is_complete_for_the_reference() {
    if !django::is_here() {
        return;
    }
    for database in each() {
        We.does(&database, &["migrate"]);
        let before =
            (database.schema(), database.content(&["django_migrations", "django_content_type", "auth_permission"]));
        assert_complete(Reference, &database);
        let after =
            (database.schema(), database.content(&["django_migrations", "django_content_type", "auth_permission"]));
        assert!(before == after, "looking changed something");
    }
}

#[test]
fn the_schema_and_the_rows_of_content_types_and_permissions_are_equal() {
    if !django::is_here() {
        return;
    }
    for kind in each() {
        let (Some(ours), Some(theirs)) =
            (after(&kind, &[(We, &["migrate"])]), after(&kind, &[(Reference, &["migrate"])]))
        else {
            return;
        };
        assert_same(&ours, &theirs, "from nothing");
        assert!(ours.content(&["auth_permission"]).len() > 60, "there are permissions to compare");
    }
}

/// Where one stops in the middle; the ways there go through data migrations and table rebuilds.
const STOPS: [&[&str]; 4] = [
    &["migrate", "auth", "0008"],
    &["migrate", "token_blacklist", "0007"],
    &["migrate", "contenttypes", "0001"],
    &["migrate", "shop"],
];

#[test]
fn whoever_stops_in_the_middle_the_other_finishes() {
    if !django::is_here() {
        return;
    }
    for kind in each() {
        // Each takes several starts of the reference: `make soak` has them all on PostgreSQL as well.
        let stops = if kind.is_sqlite() || scale() > 1 { &STOPS[..] } else { &STOPS[..2] };
        for &stop in stops {
            let ends = |first, then| after(&kind, &[(first, stop), (then, &["migrate"])]).expect("a database");
            let theirs = ends(Reference, Reference);
            for (first, then) in [(Reference, We), (We, Reference), (We, We)] {
                let ours = ends(first, then);
                assert_same(&ours, &theirs, &format!("{first:?} did {stop:?}, then {then:?} finished"));
                assert_complete(We, &ours);
            }
        }
    }
}

/// What is undone, step by step, of a complete database.
const STEPS_BACK: [&[&str]; 8] = [
    &["migrate", "token_blacklist", "0012"],
    &["migrate", "token_blacklist", "0008"],
    &["migrate", "token_blacklist", "0005"],
    &["migrate", "auth", "0011"],
    &["migrate", "auth", "0007"],
    &["migrate", "admin", "0001"],
    &["migrate", "sessions", "zero"],
    &["migrate", "api", "zero"],
];

#[test]
fn each_undoes_what_the_other_did() {
    if !django::is_here() {
        return;
    }
    for kind in each() {
        let [theirs, ours, mixed] =
            [Reference, We, Reference].map(|owner| after(&kind, &[(owner, &["migrate"])]).expect("a database"));
        for step in STEPS_BACK {
            Reference.does(&theirs, step);
            // What we made the reference undoes, and the other way round.
            Reference.does(&ours, step);
            We.does(&mixed, step);
            assert_same(&ours, &theirs, &format!("{step:?} by the reference on ours"));
            assert_same(&mixed, &theirs, &format!("{step:?} by us on the reference's"));
        }
        Reference.does(&theirs, &["migrate"]);
        We.does(&ours, &["migrate"]);
        We.does(&mixed, &["migrate"]);
        assert_same(&ours, &theirs, "there again, by us");
        assert_same(&mixed, &theirs, "there again, by us on the reference's");
    }
}

#[test]
fn the_reference_works_on_beside_our_own_tables() {
    if !django::is_here() {
        return;
    }
    for database in each() {
        We.does(&database, &["migrate"]);
        let own =
            |database: &Scratch| database.tables().into_iter().filter(|name| name.starts_with("quintet_")).count();
        assert!(own(&database) > 0, "we have tables of our own");
        django::python_script(&database, ROWS);
        Reference.does(&database, &["check", "--database", "default"]);
        Reference.does(&database, &["flush", "--noinput"]);
        assert_eq!(database.rows("SELECT COUNT(*) FROM shop_product"), ["0"]);
        assert_complete(Reference, &database);
        assert_complete(We, &database);
        // Whatever a flush leaves of our own tables' rows, migrating goes on.
        We.does(&database, &["migrate", "sessions", "zero"]);
        We.does(&database, &["migrate"]);
    }
}

#[test]
fn the_rows_of_the_reference_survive_our_migrations() {
    if !django::is_here() {
        return;
    }
    for kind in each() {
        let stop: [(Owner, &[&str]); 5] = [
            (Reference, &["migrate", "auth", "0008"]),
            (Reference, &["migrate", "token_blacklist", "0007"]),
            (Reference, &["migrate", "api"]),
            (Reference, &["migrate", "shop"]),
            (Reference, &["migrate", "sessions"]),
        ];
        let (Some(ours), Some(theirs)) = (after(&kind, &stop), after(&kind, &stop)) else { return };
        for database in [&ours, &theirs] {
            django::python_script(database, ROWS);
        }
        let before = ours.content(&TABLES);
        assert!(before.len() > 30, "there are rows: {before:#?}");
        We.does(&ours, &["migrate"]);
        Reference.does(&theirs, &["migrate"]);
        assert_eq!(ours.content(&TABLES), before);
        assert_same(&ours, &theirs, "with rows in the tables");
        // There and back through the tables that are rebuilt.
        for step in [&["migrate", "token_blacklist", "0007"], &["migrate", "auth", "0008"]] {
            We.does(&ours, step);
        }
        assert_eq!(ours.content(&TABLES), before);
        We.does(&ours, &["migrate"]);
        assert_eq!(ours.content(&TABLES), before);
        assert_eq!(django::python_script(&ours, READ_AND_ADD), django::python_script(&theirs, READ_AND_ADD));
    }
}

/// Tables with rows whose columns stay.
const TABLES: [&str; 17] = [
    "auth_user",
    "auth_group",
    "auth_group_permissions",
    "auth_user_groups",
    "auth_user_user_permissions",
    "api_note",
    "shop_category",
    "shop_tag",
    "shop_vendor",
    "shop_product",
    "shop_product_tags",
    "shop_productdetail",
    "shop_order",
    "shop_orderline",
    "shop_specimen",
    "django_session",
    "token_blacklist_outstandingtoken",
];

/// Rows of many kinds.
const ROWS: &str = r#"
import datetime, decimal, uuid
from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.models import Session
from django.utils import timezone
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from api.models import Note
from shop.models import Category, Order, OrderLine, Product, ProductDetail, Specimen, Supplier, Tag

now = datetime.datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=datetime.timezone.utc)
users = [User.objects.create(username=f"user{n}", password="!", email=f"u{n}@example.com", last_name="Ó'Brien", date_joined=now) for n in range(5)]
group = Group.objects.create(name="all of them")
for permission in Permission.objects.order_by("id")[:3]:
    group.permissions.add(permission)
    users[1].user_permissions.add(permission)
users[2].groups.add(group)
for n in range(4):
    Note.objects.create(title=f"note {n}", content="a 'quoted' \\ line\nand another ☃", author=users[n])
root = Category.objects.create(name="root", slug="root")
leaf = Category.objects.create(name="leaf", slug="leaf", parent=root)
tags = [Tag.objects.create(label=f"tag{n}", weight=-n) for n in range(3)]
supplier = Supplier.objects.create(name="one", email="one@example.com")
products = [Product.objects.create(name=f"p{n}", sku=f"p{n}", price=decimal.Decimal("1234.50"), quantity=n, category=leaf, supplier=supplier if n else None) for n in range(4)]
for product in products:
    product.tags.set(tags)
ProductDetail.objects.create(product=products[0], manual="read me")
order = Order.objects.create(number="n1", customer=users[0], placed_at=now)
OrderLine.objects.create(order=order, product=products[1], amount=2, unit_price=decimal.Decimal("0.01"))
Specimen.objects.create(char="x", json={"a": [1, None, "☃"]}, binary=b"\x00\xff", uuid=uuid.UUID(int=5), decimal=decimal.Decimal("-0.50"), floating=0.1, datetime=now, date=now.date(), time=now.time(), duration=datetime.timedelta(days=-1, microseconds=1), ip="::1", pos_big=2**62)
Specimen.objects.create()
Session.objects.create(session_key="k" * 32, session_data="data", expire_date=now)
token = OutstandingToken.objects.create(user=users[3], jti="j1", token="t1", created_at=now, expires_at=now)
OutstandingToken.objects.create(user=None, jti="j2", token="t2", created_at=None, expires_at=now)
BlacklistedToken.objects.create(token=token)
"#;

/// The same rows read by the models as they are now, and new ones, which get the next keys.
const READ_AND_ADD: &str = r#"
from django.contrib.auth.models import User
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from api.models import Note
from shop.models import Product, Specimen
print([(user.pk, user.username, user.last_name, user.date_joined) for user in User.objects.order_by("id")])
print([(token.pk, token.jti, token.user_id, token.created_at) for token in OutstandingToken.objects.order_by("id")])
print([(one.pk, one.token_id) for one in BlacklistedToken.objects.order_by("id")])
print([(product.pk, str(product.price), [tag.label for tag in product.tags.order_by("id")]) for product in Product.objects.all()])
print([(one.json, bytes(one.binary or b""), one.decimal, one.duration, one.double) for one in Specimen.objects.order_by("id")])
user = User.objects.create(username="new")
print(user.pk, Note.objects.create(title="new", content="", author=user).pk)
print(OutstandingToken.objects.create(jti="new", token="", expires_at=user.date_joined).pk)
"#;
