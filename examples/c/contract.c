#include "contract.h"

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool fail(char *error, const char *format, ...) {
    const size_t length = strlen(error);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error + length, ERROR_SIZE - length, format, arguments);
    va_end(arguments);
    return false;
}

static const char *text_of(const cJSON *object, const char *name) {
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    return text ? text : "";
}

static column column_of(const cJSON *entry) {
    const cJSON *range = cJSON_GetObjectItemCaseSensitive(entry, "range");
    const cJSON *hard = cJSON_GetObjectItemCaseSensitive(entry, "hard_range");
    return (column){
        .name = text_of(entry, "name"),
        .label = text_of(entry, "label"),
        .unit = text_of(entry, "unit"),
        .category = strcmp(text_of(entry, "kind"), "category") == 0,
        .clustering = strcmp(text_of(entry, "role"), "clustering") == 0,
        .missing_allowed = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(entry, "missing_allowed")),
        .limited = cJSON_IsArray(range) && !cJSON_IsFalse(hard),
        .low = cJSON_GetNumberValue(cJSON_GetArrayItem(range, 0)),
        .high = cJSON_GetNumberValue(cJSON_GetArrayItem(range, 1)),
        .aliases = cJSON_GetObjectItemCaseSensitive(entry, "aliases"),
        .categories = cJSON_GetObjectItemCaseSensitive(entry, "categories"),
    };
}

bool contract_parse(contract *made, const char *text, char *error) {
    *made = (contract){.document = cJSON_Parse(text)};
    const cJSON *format = cJSON_GetObjectItemCaseSensitive(made->document, "format");
    if (!cJSON_IsNumber(format) || format->valuedouble != 2)
        return fail(error, "the contract must be JSON of format 2; train the model again");
    const cJSON *columns = cJSON_GetObjectItemCaseSensitive(made->document, "columns"), *entry;
    const cJSON *segments = cJSON_GetObjectItemCaseSensitive(made->document, "segments");
    const cJSON *thresholds = cJSON_GetObjectItemCaseSensitive(made->document, "thresholds");
    made->sealed = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(made->document, "sealed"));
    made->answer_probability =
        (float)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(thresholds, "answer_probability"));
    made->columns = calloc((size_t)cJSON_GetArraySize(columns) + 1, sizeof *made->columns);
    made->segments = calloc((size_t)cJSON_GetArraySize(segments) + 1, sizeof *made->segments);
    if (!made->columns || !made->segments) return fail(error, "out of memory");
    cJSON_ArrayForEach(entry, columns) made->columns[made->column_count++] = column_of(entry);
    cJSON_ArrayForEach(entry, segments) {
        const int id = (int)made->segment_count;
        made->segments[made->segment_count++] =
            (segment){id, text_of(entry, "name"), text_of(entry, "tier"), text_of(entry, "action")};
    }
    return made->column_count && made->segment_count ? true : fail(error, "the contract must have columns and segments");
}

void contract_free(contract *contract) {
    free(contract->columns);
    free(contract->segments);
    cJSON_Delete(contract->document);
}

/* How many bytes the blank at text has, a no-break space as spreadsheets write it included; 0 for a letter. */
static size_t blank(const char *text) {
    if (isspace((unsigned char)*text)) return 1;
    return memcmp(text, "\xC2\xA0", *text ? 2 : 1) == 0 ? 2 : 0;
}

static const char *trimmed(const char *text, size_t *length) {
    while (blank(text)) text += blank(text);
    const char *end = text;
    for (const char *letter = text; *letter; letter += blank(letter) ? blank(letter) : 1)
        if (!blank(letter)) end = letter + 1;
    *length = (size_t)(end - text);
    return text;
}

bool same_spelling(const char *one, const char *other) {
    size_t length, other_length;
    one = trimmed(one, &length);
    other = trimmed(other, &other_length);
    for (size_t i = 0; length == other_length && i < length; i++)
        if (tolower((unsigned char)one[i]) != tolower((unsigned char)other[i])) return false;
    return length == other_length;
}

cell column_missing(const column *column) { return (cell){NAN, column->category ? "" : NULL}; }

bool cell_known(cell cell) { return cell.text ? *cell.text != '\0' : !isnan(cell.number); }

static void quote(const char *text, char *error) {
    const char mark = strchr(text, '\'') && !strchr(text, '"') ? '"' : '\'';
    size_t length = strlen(text);
    if (length <= 58) {
        fail(error, "%c%s%c", mark, text, mark);
        return;
    }
    for (length = 56; ((unsigned char)text[length] & 0xC0) == 0x80;) length--; /* no incomplete characters */
    fail(error, "%c%.*s...", mark, (int)length, text);
}

/* Adds the value as the caller would write it. */
static void show(const field *given, char *error) {
    if (given->kind == TEXT) {
        quote(given->text, error);
        return;
    }
    char digits[32];
    for (int precision = 15; precision <= 17; precision++) { /* the fewest digits that read back */
        snprintf(digits, sizeof digits, "%.*g", precision, given->number);
        if (strtod(digits, NULL) == given->number) break;
    }
    fail(error, "%s", digits);
}

static bool refuse_missing(const column *column, cell *made, char *error) {
    *made = column_missing(column);
    if (column->missing_allowed) return true;
    return fail(error, "column '%s' must be given, but it is missing; fill it in", column->name);
}

static bool check_category(const column *column, const field *given, cell *made, char *error) {
    const cJSON *category, *alias;
    double position = 0;
    cJSON_ArrayForEach(category, column->categories) {
        const char *value = text_of(category, "value");
        bool means = given->kind == TEXT && same_spelling(value, given->text);
        cJSON_ArrayForEach(alias, cJSON_GetObjectItemCaseSensitive(category, "aliases")) {
            means = means || (given->kind == TEXT && same_spelling(alias->valuestring, given->text));
        }
        *made = (cell){position++, value};
        if (means) return true;
    }
    const char *between = "";
    fail(error, "column '%s' must be one of ", column->name);
    cJSON_ArrayForEach(category, column->categories) {
        fail(error, "%s'%s'", between, text_of(category, "value"));
        between = ", ";
    }
    fail(error, ", but it is ");
    show(given, error);
    return fail(error, "; correct it or leave it unknown.");
}

static bool check_number(const column *column, const field *given, cell *made, char *error) {
    const char *advice = "; correct it or leave it unknown";
    *made = (cell){given->number, NULL};
    if (given->kind != NUMBER) {
        fail(error, "column '%s' must be a number, but it is ", column->name);
        advice = "; give it without quotes, or leave it unknown";
    } else if (fabs(given->number) > FLT_MAX) {
        fail(error, "column '%s' must be a finite number in single precision, but it is ", column->name);
        advice = "; correct it";
    } else if (column->limited && (given->number < column->low || given->number > column->high)) {
        fail(error, "column '%s' must be from %g to %g%s%s, but it is ", column->name, column->low, column->high,
             *column->unit ? " " : "", column->unit);
    } else {
        return true;
    }
    show(given, error);
    return fail(error, "%s", advice);
}

static bool check_column(const column *column, const field *given, cell *made, char *error) {
    size_t length = 1;
    if (given && given->kind == TEXT && column->category) trimmed(given->text, &length);
    const bool missing = !given || given->kind == UNKNOWN || (given->kind == NUMBER && isnan(given->number)) || !length;
    if (missing) return refuse_missing(column, made, error);
    return (column->category ? check_category : check_number)(column, given, made, error);
}

void list_columns(const contract *contract, char *error) {
    for (size_t i = 0; i < contract->column_count; i++)
        fail(error, "%s'%s'", i ? ", " : "", contract->columns[i].name);
}

bool contract_check(const contract *contract, const field *fields, size_t count, cell *row, char *error) {
    *error = '\0';
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;
        while (at < contract->column_count && strcmp(contract->columns[at].name, fields[i].name) != 0) at++;
        if (at < contract->column_count) continue;
        fail(error, "unknown column '%s'; known: ", fields[i].name);
        list_columns(contract, error);
        return fail(error, ".");
    }
    for (size_t at = 0; at < contract->column_count; at++) {
        const field *given = NULL;
        for (size_t i = 0; i < count; i++)
            if (strcmp(contract->columns[at].name, fields[i].name) == 0) given = &fields[i];
        if (!check_column(&contract->columns[at], given, &row[at], error)) return false;
    }
    return true;
}

field column_read(const column *column, const char *text) {
    field read = {column->name, TEXT, NAN, text};
    size_t length;
    const char *start = trimmed(text, &length);
    if (length == 0 || same_spelling(start, "nan")) {
        read.kind = UNKNOWN;
    } else if (!column->category && strspn(start, "0123456789+-.eE") >= length) {
        char *end;
        read.number = strtod(start, &end);
        if (end == start + length) read.kind = NUMBER;
    }
    return read;
}
