/* predict NAME=VALUE ... | score IN OUT | vectors | bench. See README.md. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"
#include "vectors.h"

static const char *variable(const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

static bool predict(const segmenter *segmenter, char **arguments, size_t count, char *error) {
    const contract *contract = &segmenter->contract;
    field *fields = calloc(count + 1, sizeof *fields);
    if (!fields) abort();
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        char *equals = strchr(arguments[i], '=');
        if (!equals) {
            done = fail(error, "each value must be given as NAME=VALUE, but one is '%s'", arguments[i]);
            break;
        }
        *equals = '\0';
        fields[i] = (field){arguments[i], TEXT, 0, equals + 1};
        for (size_t at = 0; at < contract->column_count; at++)
            if (strcmp(contract->columns[at].name, arguments[i]) == 0)
                fields[i] = column_read(&contract->columns[at], equals + 1);
    }
    answer answer;
    done = done && segmenter_predict(segmenter, fields, count, &answer, NULL, error);
    free(fields);
    if (!done) return false;
    printf("segment: %s\nprobability: %.6f\n", answer.segment->name, answer.probability);
    printf("complete: %s\nenough: %s\n", answer.complete ? "true" : "false", answer.enough ? "true" : "false");
    if (!isnan(answer.novelty)) printf("novelty: %.6f\n", answer.novelty);
    printf("action: %s\n", answer.segment->action);
    return true;
}

static int command(const segmenter *segmenter, int count, char **arguments) {
    const char *name = count > 1 ? arguments[1] : "";
    const char *path = variable("VECTORS", "../../artifacts/test_vectors.json");
    char error[ERROR_SIZE] = "";
    size_t counts[2];
    if (strcmp(name, "vectors") == 0) return vectors_check(segmenter, path);
    if (strcmp(name, "bench") == 0) return vectors_bench(segmenter, path);
    if (strcmp(name, "predict") == 0) {
        if (predict(segmenter, arguments + 2, (size_t)count - 2, error)) return 0;
    } else if (strcmp(name, "score") == 0 && count == 4) {
        if (table_score(segmenter, arguments[2], arguments[3], counts, error)) {
            fprintf(stderr, "%zu rows scored, %zu refused\n", counts[0], counts[1]);
            return 0;
        }
    } else {
        fail(error, "usage: customer-segmentation predict NAME=VALUE ... | score IN OUT | vectors | bench");
    }
    fprintf(stderr, "%s\n", error);
    return 2;
}

int main(int count, char **arguments) {
    segmenter segmenter;
    char error[ERROR_SIZE];
    int status = 2;
    const char *model = variable("MODEL", "../../artifacts/model.onnx");
    if (segmenter_load(&segmenter, variable("ORT_LIB", "libonnxruntime.so.1"), model, error))
        status = command(&segmenter, count, arguments);
    else
        fprintf(stderr, "%s\n", error);
    segmenter_free(&segmenter);
    return status;
}
