/* The file's graph for one customer of whom every clustering column is known: a third of the whole graph's time. */
#ifndef SEGMENTATION_ONE_ROW_H
#define SEGMENTATION_ONE_ROW_H

#include <onnxruntime_c_api.h>

#include "contract.h"

/* Safe to share between threads once it is open. */
typedef struct {
    const OrtApi *api;
    OrtSession *session; /* NULL in a file without this graph */
    OrtRunOptions *options;
    OrtMemoryInfo *memory;
} one_row;

/* Opens the graph in a file's metadata, where it has one; false and a sentence for a damaged one. */
bool one_row_open(one_row *made, const OrtApi *api, OrtEnv *env, const OrtSessionOptions *options,
                  const OrtSession *whole, char *error);
void one_row_free(one_row *graph);

/* Fills answer [2 + 2K] with id, novelty, K probabilities and K distances; false where the whole graph must answer. */
bool one_row_answer(const one_row *graph, const contract *contract, const cell *row, double *answer);

#endif
