//! Parts of statements that the query builder has no words for.

use std::marker::PhantomData;

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, TypedExpressionType, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};

/// SQL that is always the same. Unlike [`diesel::dsl::sql`], which may have values written into it, it does not keep a
/// connection from remembering the statement that it is in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fixed<T> {
    text: &'static str,
    kind: PhantomData<T>,
}

/// This SQL, whose value is of the type `T`.
pub(crate) fn fixed<T>(text: &'static str) -> Fixed<T> {
    Fixed { text, kind: PhantomData }
}

impl<T: TypedExpressionType> Expression for Fixed<T> {
    type SqlType = T;
}

impl<T, S> AppearsOnTable<S> for Fixed<T> where Fixed<T>: Expression {}
impl<T, S> SelectableExpression<S> for Fixed<T> where Fixed<T>: AppearsOnTable<S> {}

/// Whether it stands beside what is grouped is for whoever writes it to know.
impl<T, G> ValidGrouping<G> for Fixed<T> {
    type IsAggregate = is_aggregate::Never;
}

impl<T, DB: Backend> QueryFragment<DB> for Fixed<T> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(self.text);
        Ok(())
    }
}

impl<T> QueryId for Fixed<T> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
