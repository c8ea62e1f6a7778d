//! Names and values, as many as a page can bear.

/// More of one kind are not shown. Images in use have a few dozen; what a stranger can push is a mebibyte and more.
pub const MOST: usize = 500;

/// A name and its value.
pub struct Pair {
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
}

/// Names and values in their order.
#[derive(Default)]
pub struct Pairs {
    /// Those that are shown.
    pub rows: Vec<Pair>,
    /// How many there are besides.
    pub more: usize,
}

impl Pairs {
    /// The first of these.
    pub fn of<'a>(all: impl IntoIterator<Item = (&'a str, &'a str)>) -> Pairs {
        let mut all = all.into_iter();
        let pair = |(name, value): (&str, &str)| Pair { name: name.to_string(), value: value.to_string() };
        let rows = all.by_ref().take(MOST).map(pair).collect();
        Pairs { rows, more: all.count() }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_shown_is_counted() {
        let many: Vec<(&str, &str)> = vec![("name", "value"); MOST + 3];

        let pairs = Pairs::of(many);

        assert_eq!((pairs.rows.len(), pairs.more), (MOST, 3));
        assert!(Pairs::of([]).is_empty());
    }
}
