/* Scores a CSV file: every row keeps its place, a refused one tells its problem. */
#ifndef SEGMENTATION_TABLE_H
#define SEGMENTATION_TABLE_H

#include "segmenter.h"

/* Scores the file in into the file out and counts the rows that were scored and refused. */
bool table_score(const segmenter *segmenter, const char *in, const char *out, size_t counts[2], char *error);

#endif
