/* The contract in the model file, and the validation of a caller's values. */
#ifndef SEGMENTATION_CONTRACT_H
#define SEGMENTATION_CONTRACT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#define ERROR_SIZE 1024 /* of every buffer that takes a sentence about what went wrong */

typedef enum { UNKNOWN, NUMBER, TEXT } value_kind;

/* A caller's value for one column; a column left out is unknown. */
typedef struct {
    const char *name;
    value_kind kind;
    double number;
    const char *text;
} field;

/* A validated value: missing is NaN in a number column, "" in a category, whose number is its position. */
typedef struct {
    double number;
    const char *text;
} cell;

typedef struct {
    const char *name, *label, *unit;
    bool category, clustering, missing_allowed, limited;
    double low, high;
    const cJSON *aliases, *categories;
} column;

typedef struct {
    int id;
    const char *name, *tier, *action;
} segment;

typedef struct {
    cJSON *document; /* owns all texts */
    column *columns;
    segment *segments;
    size_t column_count, segment_count;
    float answer_probability;
    bool sealed; /* the file ends with its own SHA-256 */
} contract;

bool contract_parse(contract *made, const char *text, char *error);
void contract_free(contract *contract);

/* Fills row, one cell per column in the order of the graph's inputs; false and a sentence for a refused value. */
bool contract_check(const contract *contract, const field *fields, size_t count, cell *row, char *error);

/* Reads a value from a command line or a CSV cell, where everything is text. */
field column_read(const column *column, const char *text);

cell column_missing(const column *column);
bool cell_known(cell cell);

/* Trimmed, without regard to the case of ASCII letters. */
bool same_spelling(const char *one, const char *other);

/* Adds to the sentence in error. */
#ifdef __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
bool fail(char *error, const char *format, ...);
void list_columns(const contract *contract, char *error);

#endif
