#include "segmenter.h"
#include "seal.h"

#include <dlfcn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const OUTPUTS[] = {
    "segment", "segment_id", "probabilities", "complete", "distances", "novelty", "classifier_probabilities",
};

static bool ok(const segmenter *segmenter, OrtStatus *status, char *error) {
    if (!status) return true;
    fail(error, "%s", segmenter->api->GetErrorMessage(status));
    segmenter->api->ReleaseStatus(status);
    return false;
}

static bool open_library(segmenter *made, const char *library, char *error) {
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!handle) return fail(error, "ORT_LIB must be the path of libonnxruntime.so: %s", dlerror());
    const OrtApiBase *(*base)(void);
    *(void **)&base = dlsym(handle, "OrtGetApiBase");
    if (!base) return fail(error, "ORT_LIB must be the path of libonnxruntime.so, but '%s' is another library", library);
    made->runtime = base()->GetVersionString();
    made->api = base()->GetApi(17); /* all that is needed; the header's own number would exclude older libraries */
    return made->api ? true : fail(error, "onnxruntime must be 1.17 or later, but it is %s", made->runtime);
}

static bool open_session(segmenter *made, const char *model, char *error) {
    const OrtApi *api = made->api;
    OrtSessionOptions *options = NULL;
    const bool opened =
        ok(made, api->CreateEnv(ORT_LOGGING_LEVEL_ERROR, "segmentation", &made->env), error) &&
        ok(made, api->CreateSessionOptions(&options), error) &&
        ok(made, api->SetIntraOpNumThreads(options, 1), error) && /* more spin and cost ten times the CPU here */
        ok(made, api->SetInterOpNumThreads(options, 1), error) &&
        ok(made, api->SetSessionExecutionMode(options, ORT_SEQUENTIAL), error) &&
        ok(made, api->CreateSession(made->env, model, options, &made->session), error) &&
        one_row_open(&made->one_row, api, made->env, options, made->session, error) &&
        ok(made, api->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &made->memory), error) &&
        ok(made, api->GetAllocatorWithDefaultOptions(&made->allocator), error);
    if (options) api->ReleaseSessionOptions(options);
    return opened;
}

/* One column of rows [count][width] as a tensor; numbers is memory for count doubles that the tensor uses. */
static bool make_tensor(const segmenter *segmenter, const cell *column, size_t count, size_t width, double *numbers,
                        OrtValue **made, char *error) {
    const OrtApi *api = segmenter->api;
    const int64_t shape[] = {(int64_t)count, 1};
    if (!column->text) {
        for (size_t row = 0; row < count; row++) numbers[row] = column[row * width].number;
        return ok(segmenter, api->CreateTensorWithDataAsOrtValue(segmenter->memory, numbers, count * sizeof *numbers, shape,
                                                                 2, ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE, made), error);
    }
    const char **texts = malloc(count * sizeof *texts);
    if (!texts) return fail(error, "out of memory");
    for (size_t row = 0; row < count; row++) texts[row] = column[row * width].text;
    const bool filled = ok(segmenter, api->CreateTensorAsOrtValue(segmenter->allocator, shape, 2,
                                                                  ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING, made), error) &&
                        ok(segmenter, api->FillStringTensor(*made, texts, count), error);
    free(texts);
    return filled;
}

static bool run(const segmenter *segmenter, const char *const *names, size_t width, const cell *rows, size_t count,
                const char *const *outputs, size_t output_count, OrtValue **values, char *error) {
    OrtValue **inputs = calloc(width, sizeof *inputs);
    double *numbers = malloc(width * count * sizeof *numbers);
    bool done = inputs && numbers ? true : fail(error, "out of memory");
    for (size_t i = 0; done && i < width; i++)
        done = make_tensor(segmenter, rows + i, count, width, numbers + i * count, &inputs[i], error);
    done = done && ok(segmenter, segmenter->api->Run(segmenter->session, NULL, names, (const OrtValue *const *)inputs, width,
                                                     outputs, output_count, values), error);
    for (size_t i = 0; inputs && i < width; i++)
        if (inputs[i]) segmenter->api->ReleaseValue(inputs[i]);
    free(inputs);
    free(numbers);
    return done;
}

/* All texts of a tensor in one block, to be freed at once: the pointers, then what they point to. */
static char **strings(const segmenter *segmenter, const OrtValue *value, size_t count, char *error) {
    size_t length;
    if (!ok(segmenter, segmenter->api->GetStringTensorDataLength(value, &length), error)) return NULL;
    char **texts = malloc(count * sizeof *texts + length + count), *next = (char *)(texts + count);
    for (size_t i = 0; texts && i < count; i++, next += length + 1) {
        if (!ok(segmenter, segmenter->api->GetStringTensorElementLength(value, i, &length), error) ||
            !ok(segmenter, segmenter->api->GetStringTensorElement(value, length, i, next), error)) {
            free(texts);
            return NULL;
        }
        next[length] = '\0';
        texts[i] = next;
    }
    return texts;
}

/* The cell of an input of which nothing is known: the type decides whether it is NaN or "". */
static bool unknown_cell(const segmenter *segmenter, size_t input, cell *made, char *error) {
    const OrtApi *api = segmenter->api;
    OrtTypeInfo *type = NULL;
    const OrtTensorTypeAndShapeInfo *tensor;
    ONNXTensorElementDataType element = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
    const bool told = ok(segmenter, api->SessionGetInputTypeInfo(segmenter->session, input, &type), error) &&
                      ok(segmenter, api->CastTypeInfoToTensorInfo(type, &tensor), error) &&
                      ok(segmenter, api->GetTensorElementType(tensor, &element), error);
    if (type) api->ReleaseTypeInfo(type);
    *made = (cell){NAN, element == ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING ? "" : NULL};
    return told;
}

/* Requests only the output "contract", for one customer with no known column. */
static bool read_contract(segmenter *made, char *error) {
    const OrtApi *api = made->api;
    size_t count = 0;
    if (!ok(made, api->SessionGetInputCount(made->session, &count), error)) return false;
    char **names = calloc(count, sizeof *names), **texts = NULL;
    cell *row = calloc(count, sizeof *row);
    OrtValue *value = NULL;
    bool read = names && row ? true : fail(error, "out of memory");
    for (size_t i = 0; read && i < count; i++)
        read = ok(made, api->SessionGetInputName(made->session, i, made->allocator, &names[i]), error) &&
               unknown_cell(made, i, &row[i], error);
    const char *const output = "contract";
    read = read && run(made, (const char *const *)names, count, row, 1, &output, 1, &value, error) &&
           (texts = strings(made, value, 1, error)) && contract_parse(&made->contract, texts[0], error);
    for (size_t i = 0; names && i < count; i++)
        if (names[i]) made->allocator->Free(made->allocator, names[i]);
    if (value) api->ReleaseValue(value);
    free(texts);
    free(row);
    free(names);
    return read;
}

bool segmenter_load(segmenter *made, const char *library, const char *model, char *error) {
    *made = (segmenter){0};
    *error = '\0';
    bool sealed = false;
    if (!seal_check(model, &sealed, error) || !open_library(made, library, error) || !open_session(made, model, error) ||
        !read_contract(made, error))
        return false;
    if (made->contract.sealed && !sealed)
        return fail(error, "the file '%s' must end with its seal, but it does not: it was cut or changed after training", model);
    return true;
}

void segmenter_free(segmenter *segmenter) {
    contract_free(&segmenter->contract);
    one_row_free(&segmenter->one_row);
    if (segmenter->memory) segmenter->api->ReleaseMemoryInfo(segmenter->memory);
    if (segmenter->session) segmenter->api->ReleaseSession(segmenter->session);
    if (segmenter->env) segmenter->api->ReleaseEnv(segmenter->env);
}

bool segmenter_answer(const segmenter *segmenter, const cell *rows, size_t count, bool opinion, answers *made, char *error) {
    const contract *contract = &segmenter->contract;
    const char **names = malloc(contract->column_count * sizeof *names);
    const size_t outputs = opinion ? 7 : 6;
    void *data[7] = {0};
    *made = (answers){0};
    if (!names) return fail(error, "out of memory");
    for (size_t i = 0; i < contract->column_count; i++) names[i] = contract->columns[i].name;
    bool done = run(segmenter, names, contract->column_count, rows, count, OUTPUTS, outputs, made->values, error) &&
                (made->segment = strings(segmenter, made->values[0], count, error));
    for (size_t i = 1; done && i < outputs; i++)
        done = ok(segmenter, segmenter->api->GetTensorMutableData(made->values[i], &data[i]), error);
    made->id = data[1];
    made->probabilities = data[2];
    made->complete = data[3];
    made->distances = data[4];
    made->novelty = data[5];
    made->opinion = data[6];
    free(names);
    return done;
}

void answers_free(const segmenter *segmenter, answers *answers) {
    for (size_t i = 0; i < 7; i++)
        if (answers->values[i]) segmenter->api->ReleaseValue(answers->values[i]);
    free(answers->segment);
}

answer answers_at(const segmenter *segmenter, const answers *answers, size_t at, const cell *cells) {
    const contract *contract = &segmenter->contract;
    const size_t id = (size_t)answers->id[at];
    const float probability = answers->probabilities[at * contract->segment_count + id];
    bool known = false;
    for (size_t i = 0; i < contract->column_count; i++) known = known || cell_known(cells[i]);
    const bool alike = !(answers->novelty[at] > 1); // NaN where no clustering column is known
    const bool enough = answers->complete[at] || (known && alike && probability >= contract->answer_probability);
    return (answer){&contract->segments[id], probability, answers->complete[at], enough, answers->novelty[at]};
}

static bool predict_whole(const segmenter *segmenter, const cell *row, answer *made, double *distances, char *error) {
    answers found = {0};
    const bool done = segmenter_answer(segmenter, row, 1, false, &found, error);
    if (done) *made = answers_at(segmenter, &found, 0, row);
    if (done && distances) memcpy(distances, found.distances, segmenter->contract.segment_count * sizeof *distances);
    answers_free(segmenter, &found);
    return done;
}

bool segmenter_predict(const segmenter *segmenter, const field *fields, size_t count, answer *made, double *distances,
                       char *error) {
    const contract *contract = &segmenter->contract;
    cell row[contract->column_count];
    double found[2 + 2 * contract->segment_count]; /* id, novelty, probabilities, distances */
    if (!contract_check(contract, fields, count, row, error)) return false;
    if (!one_row_answer(&segmenter->one_row, contract, row, found))
        return predict_whole(segmenter, row, made, distances, error);
    const size_t id = (size_t)found[0];
    *made = (answer){&contract->segments[id], (float)found[2 + id], true, true, found[1]};
    if (distances) memcpy(distances, found + 2 + contract->segment_count, contract->segment_count * sizeof *distances);
    return true;
}
