#include "vectors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WARM_UP = 200, TIMED = 2000 };

typedef struct {
    const segmenter *segmenter;
    cJSON *document;
    const cJSON *outputs;
    double probability, distance; /* tolerances */
    cell *rows;
    size_t count;
    int mismatches;
} vectors;

static const cJSON *item(const cJSON *object, const char *name) { return cJSON_GetObjectItemCaseSensitive(object, name); }

static bool vectors_read(vectors *made, const segmenter *segmenter, const char *path) {
    *made = (vectors){.segmenter = segmenter};
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        fprintf(stderr, "no test vectors can be read at '%s'\n", path);
        return false;
    }
    const size_t size = (size_t)ftell(file);
    char *content = calloc(size + 1, 1);
    rewind(file);
    if (!content || fread(content, 1, size, file) != size) abort();
    fclose(file);
    made->document = cJSON_Parse(content);
    free(content);
    made->outputs = item(made->document, "outputs");
    made->probability = cJSON_GetNumberValue(item(item(made->document, "tolerances"), "probability"));
    made->distance = cJSON_GetNumberValue(item(item(made->document, "tolerances"), "distance"));
    made->count = (size_t)cJSON_GetArraySize(item(made->outputs, "segment"));
    const size_t width = segmenter->contract.column_count;
    made->rows = calloc(made->count * width + 1, sizeof *made->rows);
    if (!made->rows) abort();
    for (size_t i = 0; i < width; i++) {
        const column *column = &segmenter->contract.columns[i];
        const cJSON *value;
        size_t row = 0;
        cJSON_ArrayForEach(value, item(item(made->document, "inputs"), column->name)) {
            cell cell = column_missing(column);
            if (cJSON_IsString(value)) cell.text = value->valuestring;
            if (cJSON_IsNumber(value)) cell.number = value->valuedouble;
            made->rows[row++ * width + i] = cell;
        }
    }
    return made->count > 0;
}

static void vectors_free(vectors *vectors) {
    free(vectors->rows);
    cJSON_Delete(vectors->document);
}

static void tell(vectors *vectors, size_t row, const char *output, const char *found, const cJSON *expected) {
    if (++vectors->mismatches > 10) return;
    char *text = cJSON_PrintUnformatted(expected);
    fprintf(stderr, "mismatch: row %zu: %s: found %s, expected %s\n", row, output, found, text);
    free(text);
}

/* Compares the numbers of one row, given as floats or as doubles, with a number or an array of numbers. */
static void near(vectors *vectors, size_t row, const char *output, const float *floats, const double *doubles,
                 const cJSON *expected) {
    const double tolerance = floats ? vectors->probability : vectors->distance;
    const cJSON *wanted = cJSON_IsArray(expected) ? expected->child : expected;
    for (size_t i = 0; wanted; i++, wanted = cJSON_IsArray(expected) ? wanted->next : NULL) {
        const double found = floats ? (double)floats[i] : doubles[i];
        if (cJSON_IsNull(wanted) ? isnan(found) : fabs(found - wanted->valuedouble) <= tolerance) continue;
        char text[32];
        snprintf(text, sizeof text, "%.17g", found);
        tell(vectors, row, output, text, wanted);
        return;
    }
}

/* One row of expected outputs, found by walking along with the rows: cJSON arrays are linked lists. */
typedef struct {
    const cJSON *segment, *id, *complete, *probabilities, *distances, *novelty, *opinion;
} expected_row;

static expected_row first_row(const vectors *vectors) {
    const cJSON *outputs = vectors->outputs;
    return (expected_row){
        item(outputs, "segment")->child,       item(outputs, "segment_id")->child,
        item(outputs, "complete")->child,      item(outputs, "probabilities")->child,
        item(outputs, "distances")->child,     item(outputs, "novelty")->child,
        item(outputs, "classifier_probabilities")->child,
    };
}

static expected_row next_row(expected_row row) {
    return (expected_row){row.segment->next,   row.id->next,      row.complete->next, row.probabilities->next,
                          row.distances->next, row.novelty->next, row.opinion->next};
}

static void compare(vectors *vectors, const answers *found, size_t at, size_t row, const expected_row *expected) {
    const size_t k = vectors->segmenter->contract.segment_count;
    char id[24];
    snprintf(id, sizeof id, "%lld", (long long)found->id[at]);
    if (strcmp(found->segment[at], expected->segment->valuestring) != 0)
        tell(vectors, row, "segment", found->segment[at], expected->segment);
    if ((double)found->id[at] != expected->id->valuedouble) tell(vectors, row, "segment_id", id, expected->id);
    if (found->complete[at] != (bool)cJSON_IsTrue(expected->complete))
        tell(vectors, row, "complete", found->complete[at] ? "true" : "false", expected->complete);
    near(vectors, row, "probabilities", found->probabilities + at * k, NULL, expected->probabilities);
    near(vectors, row, "distances", NULL, found->distances + at * k, expected->distances);
    near(vectors, row, "novelty", NULL, found->novelty + at, expected->novelty);
    if (found->opinion)
        near(vectors, row, "classifier_probabilities", found->opinion + at * k, NULL, expected->opinion);
}

static int ascending(const void *one, const void *other) {
    const double difference = *(const double *)one - *(const double *)other;
    return (difference > 0) - (difference < 0);
}

/* A row as its caller would give it. */
static void fill_record(const contract *contract, const cell *row, field *fields, cell *checked) {
    char error[ERROR_SIZE];
    for (size_t i = 0; i < contract->column_count; i++) {
        fields[i] = (field){contract->columns[i].name, row[i].text ? TEXT : NUMBER, row[i].number, row[i].text};
        if (!contract_check(contract, &fields[i], 1, checked, error)) fields[i].kind = UNKNOWN;
    }
}

/* The graph for one complete customer gives what the whole one does. */
static void compare_one(vectors *vectors, size_t row, const expected_row *expected) {
    const contract *contract = &vectors->segmenter->contract;
    const size_t width = contract->column_count, k = contract->segment_count;
    field fields[width];
    cell checked[width];
    double found[2 + 2 * k];
    float probabilities[k];
    char error[ERROR_SIZE], id[24];
    fill_record(contract, vectors->rows + row * width, fields, checked);
    if (!contract_check(contract, fields, width, checked, error) ||
        !one_row_answer(&vectors->segmenter->one_row, contract, checked, found))
        return;
    for (size_t i = 0; i < k; i++) probabilities[i] = (float)found[2 + i];
    snprintf(id, sizeof id, "%g", found[0]);
    if (found[0] != expected->id->valuedouble) tell(vectors, row, "segment_id of one row", id, expected->id);
    near(vectors, row, "novelty of one row", NULL, found + 1, expected->novelty);
    near(vectors, row, "probabilities of one row", probabilities, NULL, expected->probabilities);
    near(vectors, row, "distances of one row", NULL, found + 2 + k, expected->distances);
}

/* The p50 of segmenter_predict, a different customer each call; unknown categories count as missing. */
static double median(const vectors *vectors) {
    const contract *contract = &vectors->segmenter->contract;
    const size_t width = contract->column_count;
    field *fields = malloc(width * sizeof *fields);
    cell *checked = malloc(width * sizeof *checked);
    double *times = malloc(TIMED * sizeof *times);
    double *distances = malloc(contract->segment_count * sizeof *distances);
    char error[ERROR_SIZE];
    answer answer;
    if (!fields || !checked || !times || !distances) abort();
    for (size_t call = 0; call < WARM_UP + TIMED; call++) {
        struct timespec start, end;
        fill_record(contract, vectors->rows + call % vectors->count * width, fields, checked);
        clock_gettime(CLOCK_MONOTONIC, &start);
        segmenter_predict(vectors->segmenter, fields, width, &answer, distances, error);
        clock_gettime(CLOCK_MONOTONIC, &end);
        if (call >= WARM_UP)
            times[call - WARM_UP] = (double)(end.tv_sec - start.tv_sec) * 1e6 + (double)(end.tv_nsec - start.tv_nsec) / 1e3;
    }
    qsort(times, TIMED, sizeof *times, ascending);
    const double p50 = times[TIMED / 2];
    free(distances);
    free(times);
    free(checked);
    free(fields);
    return p50;
}

int vectors_check(const segmenter *segmenter, const char *path) {
    vectors vectors;
    answers found = {0};
    char error[ERROR_SIZE] = "";
    if (!vectors_read(&vectors, segmenter, path)) return 2;
    bool done = segmenter_answer(segmenter, vectors.rows, vectors.count, true, &found, error);
    expected_row expected = first_row(&vectors);
    for (size_t row = 0; done && row < vectors.count; row++, expected = next_row(expected))
        compare(&vectors, &found, row, row, &expected);
    answers_free(segmenter, &found);
    expected = first_row(&vectors);
    for (size_t row = 0; done && row < vectors.count; row++, expected = next_row(expected)) {
        const cell *cells = vectors.rows + row * segmenter->contract.column_count;
        done = segmenter_answer(segmenter, cells, 1, false, &found, error);
        if (done) compare(&vectors, &found, 0, row, &expected);
        compare_one(&vectors, row, &expected);
        answers_free(segmenter, &found);
    }
    if (done)
        printf("{\"language\":\"C\",\"runtime\":\"%s\",\"rows\":%zu,\"mismatches\":%d,\"p50_us\":%.1f}\n",
               segmenter->runtime, vectors.count, vectors.mismatches, median(&vectors));
    else
        fprintf(stderr, "%s\n", error);
    vectors_free(&vectors);
    return done ? vectors.mismatches > 0 : 2;
}

int vectors_bench(const segmenter *segmenter, const char *path) {
    vectors vectors;
    if (!vectors_read(&vectors, segmenter, path)) return 2;
    printf("p50 of one row: %.1f us\n", median(&vectors));
    vectors_free(&vectors);
    return 0;
}
