#include "one_row.h"

#include <math.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

static const char KEY[] = "one_complete_row", DAMAGED[] = "the graph 'one_complete_row' in the model file must be %s";

static bool ok(const OrtApi *api, OrtStatus *status) {
    if (status) api->ReleaseStatus(status);
    return !status;
}

/* The bytes of a base64 text, to be freed; NULL for another text. */
static unsigned char *decoded(const char *text, size_t *length) {
    const size_t letters = strlen(text);
    unsigned char *bytes = malloc(letters / 4 * 3 + 1);
    const int found = bytes ? EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)letters) : -1;
    *length = (size_t)found;
    for (size_t at = letters; found > 0 && text[at - 1] == '='; at--) --*length; /* the padding counts as bytes */
    if (found > 0) return bytes;
    free(bytes);
    return NULL;
}

static bool open_text(one_row *made, OrtEnv *env, const OrtSessionOptions *options, const char *text, char *error) {
    size_t length;
    unsigned char *bytes = decoded(text, &length);
    if (!bytes) return fail(error, DAMAGED, "base64");
    const bool opened = ok(made->api, made->api->CreateSessionFromArray(env, bytes, length, options, &made->session)) &&
                        ok(made->api, made->api->CreateRunOptions(&made->options)) &&
                        ok(made->api, made->api->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &made->memory));
    free(bytes);
    return opened ? true : fail(error, DAMAGED, "an ONNX model");
}

bool one_row_open(one_row *made, const OrtApi *api, OrtEnv *env, const OrtSessionOptions *options,
                  const OrtSession *whole, char *error) {
    *made = (one_row){.api = api};
    OrtModelMetadata *metadata = NULL;
    OrtAllocator *allocator;
    char *text = NULL;
    const bool read = ok(api, api->GetAllocatorWithDefaultOptions(&allocator)) &&
                      ok(api, api->SessionGetModelMetadata(whole, &metadata)) &&
                      ok(api, api->ModelMetadataLookupCustomMetadataMap(metadata, allocator, KEY, &text));
    const bool opened = read && text ? open_text(made, env, options, text, error) : read;
    if (text) allocator->Free(allocator, text);
    if (metadata) api->ReleaseModelMetadata(metadata);
    return opened;
}

void one_row_free(one_row *graph) {
    if (graph->memory) graph->api->ReleaseMemoryInfo(graph->memory);
    if (graph->options) graph->api->ReleaseRunOptions(graph->options);
    if (graph->session) graph->api->ReleaseSession(graph->session);
}

/* The row as numbers, 0 where unknown; false where a clustering column is unknown. */
static bool numbers(const contract *contract, const cell *row, double *values) {
    for (size_t i = 0; i < contract->column_count; i++) {
        const bool known = cell_known(row[i]) && !isnan(row[i].number);
        if (!known && contract->columns[i].clustering) return false;
        values[i] = known ? row[i].number : 0;
    }
    return true;
}

bool one_row_answer(const one_row *graph, const contract *contract, const cell *row, double *answer) {
    const OrtApi *api = graph->api;
    const size_t columns = contract->column_count, width = 2 + 2 * contract->segment_count;
    const int64_t in_shape[] = {(int64_t)columns, 1}, out_shape[] = {1, (int64_t)width};
    const char *const in_name = "values", *const out_name = "answer";
    double values[columns];
    OrtValue *in = NULL, *out = NULL;
    if (!graph->session || !numbers(contract, row, values)) return false;
    const bool done =
        ok(api, api->CreateTensorWithDataAsOrtValue(graph->memory, values, sizeof values, in_shape, 2,
                                                    ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE, &in)) &&
        ok(api, api->CreateTensorWithDataAsOrtValue(graph->memory, answer, width * sizeof *answer, out_shape, 2,
                                                    ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE, &out)) &&
        ok(api, api->Run(graph->session, graph->options, &in_name, (const OrtValue *const *)&in, 1, &out_name, 1, &out));
    if (in) api->ReleaseValue(in);
    if (out) api->ReleaseValue(out);
    return done && !isnan(answer[1]); /* NaN: of a formula, which the whole graph answers */
}
