/* Compares the model with the answers that every language must give. */
#ifndef SEGMENTATION_VECTORS_H
#define SEGMENTATION_VECTORS_H

#include "segmenter.h"

/* Runs all rows in one call, then one row per call; prints one line of JSON and returns the exit status. */
int vectors_check(const segmenter *segmenter, const char *path);

/* Prints the p50 of one row in microseconds and returns the exit status. */
int vectors_bench(const segmenter *segmenter, const char *path);

#endif
