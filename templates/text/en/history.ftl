# The history of a repository's tags.
history-filter = Filter history
history-filter-label = Filter by tag name
history-from = From
history-to = to
history-hide-future = Hide future expirations
history-none = Nothing happened to a tag yet. What is pushed, moved or deleted shows here, and can be brought back.
history-no-match = Nothing in the history matches.
history-coming = Coming up
history-ends = expires
history-created = was created at { $to }
history-moved = was moved from { $from } to { $to }
history-restored = was restored to { $to }
history-deleted = was deleted; it pointed at { $from }
history-compare = Compare
history-restore = Restore to { $digest }
history-purged = was created; what it pointed at was deleted permanently
