# Figures of R's packages for one folder of tables; called by compare_with_r.py.
# Packages (Debian: r-cran-fpc, r-cran-cluster, r-cran-mclust).
suppressMessages({library(fpc); library(cluster); library(mclust)})

folder <- commandArgs(trailingOnly = TRUE)[1]
table <- as.matrix(read.csv(file.path(folder, "table.csv"), header = FALSE))
labels <- as.matrix(read.csv(file.path(folder, "labels.csv"), header = FALSE)) + 1
found <- as.matrix(read.csv(file.path(folder, "found.csv"), header = FALSE)) + 1
drawn <- as.matrix(read.csv(file.path(folder, "drawn.csv"), header = FALSE)) == 1
ks <- apply(labels, 2, max)
distances <- dist(table)
show <- function(name, values) cat(name, paste(format(values, digits = 12), collapse = " "), "\n")

show("silhouette", sapply(seq_along(ks), function(i) mean(silhouette(labels[, i], distances)[, 3])))

# The gap on the same uniform tables, by the formula of cluster::clusGap with d.power = 2.
draws <- as.matrix(read.csv(file.path(folder, "draws.csv"), header = FALSE))
log_w <- function(rows, k) log(kmeans(rows, k, nstart = 50, iter.max = 200, algorithm = "Lloyd")$tot.withinss)
set.seed(1)
count <- nrow(draws) / nrow(table)
parts <- lapply(seq_len(count), function(b) draws[(b - 1) * nrow(table) + seq_len(nrow(table)), , drop = FALSE])
show("gap", sapply(ks, function(k) mean(sapply(parts, log_w, k)) - log_w(table, k)))

# The same bootstrap samples as in the other program, so that these figures must agree exactly.
middle <- labels[, ncol(labels) %/% 2 + 1]
show("ari", apply(found, 2, function(other) adjustedRandIndex(middle, other)))
jaccards <- sapply(seq_len(ncol(found)), function(b) {
  rows <- drawn[, b]
  sapply(seq_len(max(middle)), function(i) {
    if (!any(middle[rows] == i)) return(NA)
    max(sapply(seq_len(max(found)), function(j) clujaccard(middle[rows] == i, found[rows, b] == j, zerobyzero = 0)))
  })
})
show("jaccard", rowMeans(jaccards, na.rm = TRUE))
