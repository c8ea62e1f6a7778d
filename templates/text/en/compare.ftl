# Two tags or manifests side by side.
compare-title = Compare two tags
compare-breadcrumb = Compare
compare-from = From
compare-to = To
compare-placeholder = Tag or digest
compare-swap = Swap the two
compare-button = Compare
compare-choose = Choose two tags or digests of this repository.
compare-unknown = This repository has no tag or manifest “{ $given }”.
compare-identical = Both are the same manifest; there is no difference.
compare-size = Size
compare-sizes = { $from } before, { $to } now
compare-layers = Layers
compare-layers-common =
    { $count ->
        [one] { $count } in common
       *[other] { $count } in common
    }
compare-layers-note = { $added } added, { $removed } removed
compare-environment = Environment
compare-variables-changed = changed
compare-absent = absent
compare-of-platform = Compared for { $platform }
compare-nothing = There is nothing that could be compared line by line.
compare-jump = Jump to
compare-leading =
    { $count ->
        [one] The first layer is the same, { $size }
       *[other] The first { $count } layers are the same, { $size }
    }
compare-configuration = Configuration
compare-run = User, folder and command
compare-labels = Labels
compare-annotations = Annotations
compare-index-annotations = Annotations of the index
compare-equal =
    { $count ->
        [one] { $count } is the same
       *[other] { $count } are the same
    }
