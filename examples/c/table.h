/* Scores a CSV file: all rows stay in order, and an invalid row gets an error message. */
#ifndef SEGMENTATION_TABLE_H
#define SEGMENTATION_TABLE_H

#include "segmenter.h"

/* Scores the file in into the file out and counts the rows that were scored and refused. */
bool table_score(const segmenter *segmenter, const char *in, const char *out, size_t counts[2], char *error);

#endif
