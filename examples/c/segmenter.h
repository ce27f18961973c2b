/* Runs the model file through the C API of onnxruntime, loaded at run time. */
#ifndef SEGMENTATION_SEGMENTER_H
#define SEGMENTATION_SEGMENTER_H

#include <onnxruntime_c_api.h>
#include <stdint.h>

#include "contract.h"
#include "one_row.h"

/* Safe to share between threads once it is loaded. */
typedef struct {
    const OrtApi *api;
    const char *runtime;
    OrtEnv *env;
    OrtSession *session;
    OrtMemoryInfo *memory;
    OrtAllocator *allocator;
    contract contract;
    one_row one_row;
} segmenter;

/* Answers for N customers over K segments; matrices are flat, row after row. Free with answers_free. */
typedef struct {
    char **segment;
    const int64_t *id;
    const float *probabilities;
    const bool *complete;
    const double *distances, *novelty;
    const float *opinion; /* of the classifier; NULL when it was not requested */
    OrtValue *values[7];  /* own the memory of the pointers above */
} answers;

/* The answer for one customer. enough: whether the answer is certain enough for one segment. */
typedef struct {
    const segment *segment;
    float probability;
    bool complete, enough;
    double novelty;
} answer;

/* Opens a model in the onnxruntime at library and reads its contract; free it in either case. */
bool segmenter_load(segmenter *made, const char *library, const char *model, char *error);
void segmenter_free(segmenter *segmenter);

/* Answers for one customer; false and a sentence for a value that is refused. distances: NULL, or memory for K doubles
   (NaN where a clustering column is unknown). */
bool segmenter_predict(const segmenter *segmenter, const field *fields, size_t count, answer *made, double *distances,
                       char *error);

/* Runs the graph for validated rows [count][columns], in one call; free the answers in either case. */
bool segmenter_answer(const segmenter *segmenter, const cell *rows, size_t count, bool opinion, answers *made, char *error);
void answers_free(const segmenter *segmenter, answers *answers);

/* The answer for the customer in row at, with the given cells. */
answer answers_at(const segmenter *segmenter, const answers *answers, size_t at, const cell *cells);

#endif
