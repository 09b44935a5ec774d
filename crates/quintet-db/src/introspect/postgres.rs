//! What a PostgreSQL database holds, out of its catalogue: the tables that are found without naming their schema.

use std::collections::{BTreeMap, BTreeSet};

use quintet_core::schema::Value;

use super::{Column, Constraint, ConstraintKind, Generated, Index, Part, Table};
use crate::database::Db;
use crate::error::Result;
use crate::row::Row;

const TABLES: &str = "
    SELECT c.relname AS name, pg_catalog.obj_description(c.oid, 'pg_class') AS comment
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN (:kinds) AND n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema')
      AND pg_catalog.pg_table_is_visible(c.oid)";

const COLUMNS: &str = "
    SELECT c.relname AS table, a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS kind,
           NOT a.attnotnull AS null, a.attidentity::text AS identity, a.attgenerated::text AS generated,
           pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS expression,
           CASE WHEN a.attcollation <> t.typcollation THEN co.collname END AS collation,
           pg_catalog.col_description(c.oid, a.attnum) AS comment,
           (SELECT s.relname FROM pg_catalog.pg_depend dep
              JOIN pg_catalog.pg_class s ON s.oid = dep.objid AND s.relkind = 'S'
             WHERE dep.refclassid = 'pg_catalog.pg_class'::regclass AND dep.classid = 'pg_catalog.pg_class'::regclass
               AND dep.refobjid = c.oid AND dep.refobjsubid = a.attnum AND dep.deptype IN ('a', 'i')
             LIMIT 1) AS sequence
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
    WHERE c.relkind IN (:kinds) AND n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema')
      AND a.attnum > 0 AND NOT a.attisdropped
      AND pg_catalog.pg_table_is_visible(c.oid)
    ORDER BY c.relname, a.attnum";

const CONSTRAINTS: &str = "
    SELECT c.relname AS table, con.conname AS name, con.contype::text AS kind,
           pg_catalog.pg_get_constraintdef(con.oid) AS definition, f.relname AS other,
           ARRAY(SELECT a.attname::text FROM unnest(con.conkey) WITH ORDINALITY k(n, place)
                   JOIN pg_catalog.pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.n
                  ORDER BY k.place) AS columns,
           ARRAY(SELECT a.attname::text FROM unnest(con.confkey) WITH ORDINALITY k(n, place)
                   JOIN pg_catalog.pg_attribute a ON a.attrelid = con.confrelid AND a.attnum = k.n
                  ORDER BY k.place) AS others,
           con.condeferrable AS deferrable, con.condeferred AS deferred
    FROM pg_catalog.pg_constraint con
    JOIN pg_catalog.pg_class c ON c.oid = con.conrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_class f ON f.oid = con.confrelid
    WHERE con.contype IN ('p', 'u', 'c', 'f')
      AND n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema') AND pg_catalog.pg_table_is_visible(c.oid)";

const INDEXES: &str = "
    SELECT c.relname AS table, i.relname AS name, x.indisunique AS unique, am.amname AS method,
           pg_catalog.pg_get_expr(x.indpred, x.indrelid) AS condition,
           key.place <= x.indnkeyatts AS is_key, key.n <> 0 AS is_column,
           CASE WHEN key.n <> 0 THEN a.attname::text
                ELSE pg_catalog.pg_get_indexdef(x.indexrelid, key.place::int, false) END AS sql,
           CASE WHEN key.place <= x.indnkeyatts THEN x.indoption[(key.place - 1)::int] ELSE 0 END AS direction,
           CASE WHEN key.place <= x.indnkeyatts AND NOT op.opcdefault THEN op.opcname END AS opclass,
           CASE WHEN key.place <= x.indnkeyatts AND key.n <> 0 AND x.indcollation[(key.place - 1)::int] <> a.attcollation
                THEN co.collname END AS collation
    FROM pg_catalog.pg_index x
    JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
    JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_am am ON am.oid = i.relam
    CROSS JOIN LATERAL unnest(x.indkey::int2[]) WITH ORDINALITY key(n, place)
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = key.n AND key.n <> 0
    LEFT JOIN pg_catalog.pg_opclass op ON key.place <= x.indnkeyatts AND op.oid = x.indclass[(key.place - 1)::int]
    LEFT JOIN pg_catalog.pg_collation co ON key.place <= x.indnkeyatts AND co.oid = x.indcollation[(key.place - 1)::int]
    WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema')
      AND pg_catalog.pg_table_is_visible(c.oid)
      AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint con
                       WHERE con.conindid = x.indexrelid AND con.contype IN ('p', 'u', 'x'))
    ORDER BY c.relname, i.relname, key.place";

/// Tables, those with parts among them.
const TABLE_KINDS: &str = "'r', 'p'";
/// Views, those that are stored, and tables of other servers.
const VIEW_KINDS: &str = "'v', 'm', 'f'";

const PARTITIONS: &str = "
    SELECT c.relname AS name FROM pg_catalog.pg_class c
    WHERE c.relispartition AND pg_catalog.pg_table_is_visible(c.oid)";

pub(super) async fn tables(db: Db<'_>) -> Result<BTreeMap<String, Table>> {
    let mut tables = columns(db, TABLE_KINDS).await?;
    for row in db.query(CONSTRAINTS, &[]).await? {
        if let Some(table) = tables.get_mut(row.text("table")?) {
            table.constraints.push(constraint(&row)?);
        }
    }
    for row in db.query(INDEXES, &[]).await? {
        if let Some(table) = tables.get_mut(row.text("table")?) {
            add_part(table, &row)?;
        }
    }
    Ok(tables)
}

/// Views, by their columns.
pub(super) async fn views(db: Db<'_>) -> Result<BTreeMap<String, Table>> {
    columns(db, VIEW_KINDS).await
}

/// The tables that are parts of others.
pub(super) async fn partitions(db: Db<'_>) -> Result<BTreeSet<String>> {
    db.query(PARTITIONS, &[]).await?.iter().map(|row| text(row, "name")).collect()
}

/// What there is of some kinds, with its columns.
async fn columns(db: Db<'_>, kinds: &str) -> Result<BTreeMap<String, Table>> {
    let mut tables = BTreeMap::new();
    for row in db.query(&TABLES.replace(":kinds", kinds), &[]).await? {
        let (name, comment) = (text(&row, "name")?, optional(&row, "comment")?);
        tables.insert(name.clone(), Table { name, comment, ..Table::default() });
    }
    for row in db.query(&COLUMNS.replace(":kinds", kinds), &[]).await? {
        if let Some(table) = tables.get_mut(row.text("table")?) {
            table.columns.push(column(&row)?);
        }
    }
    Ok(tables)
}

fn column(row: &Row) -> Result<Column> {
    let expression = optional(row, "expression")?;
    let generated = row.text("generated")?;
    let (default, generated) = match (generated, expression) {
        ("", default) => (default, None),
        (stored, sql) => (None, sql.map(|sql| Generated { sql, stored: stored == "s" })),
    };
    let sequence = optional(row, "sequence")?;
    Ok(Column {
        name: text(row, "name")?,
        kind: text(row, "kind")?,
        null: row.bool("null")?,
        counts_up: !row.text("identity")?.is_empty() || (sequence.is_some() && default.is_some()),
        default,
        collation: optional(row, "collation")?,
        comment: optional(row, "comment")?,
        generated,
        sequence,
    })
}

fn constraint(row: &Row) -> Result<Constraint> {
    let kind = match row.text("kind")? {
        "p" => ConstraintKind::PrimaryKey,
        "u" => ConstraintKind::Unique,
        "c" => ConstraintKind::Check(text(row, "definition")?),
        _ => ConstraintKind::ForeignKey { table: text(row, "other")?, columns: list(row, "others")? },
    };
    let deferrable = match (row.bool("deferrable")?, row.bool("deferred")?) {
        (false, _) => "",
        (true, false) => "deferrable",
        (true, true) => "initially deferred",
    };
    Ok(Constraint { kind, columns: list(row, "columns")?, name: text(row, "name")?, deferrable: deferrable.to_owned() })
}

/// One row is one part of an index; the parts of an index come one after the other.
fn add_part(table: &mut Table, row: &Row) -> Result<()> {
    let name = row.text("name")?;
    if table.indexes.last().is_none_or(|index| index.name != name) {
        table.indexes.push(Index {
            name: name.to_owned(),
            unique: row.bool("unique")?,
            method: text(row, "method")?,
            condition: optional(row, "condition")?,
            ..Index::default()
        });
    }
    let Some(index) = table.indexes.last_mut() else { return Ok(()) };
    let sql = text(row, "sql")?;
    if !row.bool("is_key")? {
        index.include.push(sql);
        return Ok(());
    }
    // Bits: largest first, nulls first. Nulls are first where the largest is, unless it was said otherwise.
    let direction = match row.int("direction")? {
        0 => "",
        1 => "desc nulls last",
        2 => "nulls first",
        _ => "desc",
    };
    let collation = optional(row, "collation")?;
    let words = [collation, optional(row, "opclass")?, Some(direction.to_owned())];
    let options: Vec<String> = words.into_iter().flatten().filter(|word| !word.is_empty()).collect();
    index.parts.push(Part { sql, is_column: row.bool("is_column")?, options: options.join(" ") });
    Ok(())
}

fn text(row: &Row, column: &str) -> Result<String> {
    row.text(column).map(str::to_owned)
}

fn optional(row: &Row, column: &str) -> Result<Option<String>> {
    Ok(row.optional_text(column)?.map(str::to_owned))
}

fn list(row: &Row, column: &str) -> Result<Vec<String>> {
    let Value::List(values) = row.value(column)? else { return Ok(vec![]) };
    Ok(values
        .iter()
        .filter_map(|value| if let Value::Text(text) = value { Some(text.clone()) } else { None })
        .collect())
}
