//! A column that is one of some numbers.

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, HasSqlType};

use super::statement::{padded, push_list};

/// As `column.eq_any(list)`, but for SQLite too a statement that is prepared once: the list is padded, so that lists of
/// all lengths have few texts.
#[derive(Debug, Clone)]
pub(crate) struct Among<C> {
    column: C,
    list: Vec<i64>,
}

/// That the column is one of these.
pub(crate) fn among<C>(column: C, list: &[i64]) -> Among<C> {
    Among { column, list: padded(list) }
}

impl<C: Expression> Expression for Among<C> {
    type SqlType = Bool;
}

impl<C: AppearsOnTable<S>, S> AppearsOnTable<S> for Among<C> where Among<C>: Expression {}
impl<C: SelectableExpression<S>, S> SelectableExpression<S> for Among<C> where Among<C>: AppearsOnTable<S> {}

impl<C, G> ValidGrouping<G> for Among<C> {
    type IsAggregate = is_aggregate::No;
}

impl<C, DB> QueryFragment<DB> for Among<C>
where
    C: QueryFragment<DB>,
    DB: Backend + HasSqlType<BigInt>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" IN (");
        push_list::<BigInt, _, DB>(&self.list, &mut out)?;
        out.push_sql(")");
        Ok(())
    }
}

impl<C> QueryId for Among<C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
