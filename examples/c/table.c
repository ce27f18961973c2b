#include "table.h"

#include <csv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_ROWS = 65536 };

typedef struct {
    char **cells; /* [lines][width], the header first */
    size_t count, room, width, lines;
    bool ragged;
} table;

static void add_cell(void *text, size_t length, void *data) {
    table *table = data;
    if (table->count == table->room) {
        table->room = table->room ? 2 * table->room : 1024;
        table->cells = realloc(table->cells, table->room * sizeof *table->cells);
        if (!table->cells) abort();
    }
    char *copy = malloc(length + 1);
    if (!copy) abort();
    memcpy(copy, text, length);
    copy[length] = '\0';
    table->cells[table->count++] = copy;
}

static void end_line(int end, void *data) {
    (void)end;
    table *table = data;
    if (!table->width) table->width = table->count;
    table->lines++;
    table->ragged = table->ragged || table->count != table->lines * table->width;
}

static int no_space(unsigned char letter) { /* keeps blanks as they are */
    (void)letter;
    return 0;
}

static bool parse(table *table, FILE *file, const char *path, char *error) {
    struct csv_parser parser;
    char buffer[65536];
    size_t length = fread(buffer, 1, 3, file);
    if (length == 3 && memcmp(buffer, "\xEF\xBB\xBF", 3) == 0) length = 0; /* a byte order mark */
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_space_func(&parser, no_space);
    bool read = true;
    do {
        read = csv_parse(&parser, buffer, length, add_cell, end_line, table) == length && !table->ragged;
    } while (read && (length = fread(buffer, 1, sizeof buffer, file)) > 0);
    read = read && csv_fini(&parser, add_cell, end_line, table) == 0;
    csv_free(&parser);
    if (table->ragged) return fail(error, "record %zu must have %zu cells like the header", table->lines, table->width);
    if (!read) return fail(error, "the table '%s' must be CSV, but its quotes do not match", path);
    return table->lines ? true : fail(error, "the table must have a header and rows, but '%s' is empty", path);
}

static int find_spelling(const table *table, const char *spelling) {
    for (size_t i = 0; i < table->width; i++)
        if (same_spelling(table->cells[i], spelling)) return (int)i;
    return -1;
}

/* The place of each of the contract's columns in the header, by name, label or alias; -1 where there is none. */
static bool find_columns(const contract *contract, const table *table, int *places, char *error) {
    bool any = false;
    for (size_t i = 0; i < contract->column_count; i++) {
        const cJSON *alias;
        places[i] = find_spelling(table, contract->columns[i].name);
        if (places[i] < 0) places[i] = find_spelling(table, contract->columns[i].label);
        cJSON_ArrayForEach(alias, contract->columns[i].aliases) {
            if (places[i] < 0) places[i] = find_spelling(table, alias->valuestring);
        }
        any = any || places[i] >= 0;
    }
    if (any) return true;
    fail(error, "the table must have at least one of the columns ");
    list_columns(contract, error);
    fail(error, ", but its headers are ");
    for (size_t i = 0; i < table->width; i++) fail(error, "%s'%s'", i ? ", " : "", table->cells[i]);
    return false;
}

static void put(FILE *file, const char *text, char after) {
    if (strpbrk(text, ",\"\r\n"))
        csv_fwrite(file, text, strlen(text));
    else
        fputs(text, file);
    fputc(after, file);
}

static void put_line(FILE *file, char **cells, size_t width, const answer *answer, const char *problem) {
    for (size_t i = 0; i < width; i++) put(file, cells[i], ',');
    if (answer) {
        put(file, answer->segment->name, ',');
        fprintf(file, "%d,%.6f,%s,", answer->segment->id, answer->probability, answer->complete ? "true" : "false");
        if (!isnan(answer->novelty)) fprintf(file, "%.6f", answer->novelty);
        fputc(',', file);
    } else {
        fputs(",,,,,", file);
    }
    put(file, problem, '\n');
}

/* Scores lines [start, end) and writes them. */
static bool score_part(const segmenter *segmenter, const table *table, const int *places, size_t start, size_t end,
                       FILE *file, size_t counts[2], char *error) {
    const contract *contract = &segmenter->contract;
    const size_t width = contract->column_count;
    field *fields = malloc(width * sizeof *fields);
    cell *rows = malloc((end - start) * width * sizeof *rows);
    char **problems = calloc(end - start, sizeof *problems);
    answers answers = {0};
    size_t asked = 0, told = 0;
    if (!fields || !rows || !problems) abort();
    for (size_t line = start; line < end; line++) {
        size_t count = 0;
        for (size_t i = 0; i < width; i++)
            if (places[i] >= 0)
                fields[count++] = column_read(&contract->columns[i], table->cells[line * table->width + (size_t)places[i]]);
        if (contract_check(contract, fields, count, rows + asked * width, error))
            asked++;
        else
            problems[line - start] = strdup(error);
    }
    *error = '\0';
    const bool done = asked == 0 || segmenter_answer(segmenter, rows, asked, false, &answers, error);
    for (size_t line = start; done && line < end; line++) {
        char **cells = table->cells + line * table->width;
        if (problems[line - start]) {
            put_line(file, cells, table->width, NULL, problems[line - start]);
        } else {
            const answer answer = answers_at(segmenter, &answers, told, rows + told * width);
            put_line(file, cells, table->width, &answer, "");
            told++;
        }
    }
    counts[0] += asked;
    counts[1] += end - start - asked;
    for (size_t i = 0; i < end - start; i++) free(problems[i]);
    answers_free(segmenter, &answers);
    free(problems);
    free(rows);
    free(fields);
    return done;
}

bool table_score(const segmenter *segmenter, const char *in, const char *out, size_t counts[2], char *error) {
    table table = {0};
    int *places = calloc(segmenter->contract.column_count, sizeof *places);
    FILE *source = fopen(in, "rb"), *target = NULL;
    *error = '\0';
    counts[0] = counts[1] = 0;
    bool done = places && source ? true : fail(error, "no table can be read at '%s'", in);
    done = done && parse(&table, source, in, error) && find_columns(&segmenter->contract, &table, places, error);
    if (done && !(target = fopen(out, "wb"))) done = fail(error, "'%s' cannot be written", out);
    for (size_t i = 0; done && i < table.width; i++) put(target, table.cells[i], ',');
    if (done) fputs("segment,segment_id,probability,complete,novelty,problem\n", target);
    for (size_t start = 1; done && start < table.lines; start += CHUNK_ROWS) {
        const size_t end = start + CHUNK_ROWS < table.lines ? start + CHUNK_ROWS : table.lines;
        done = score_part(segmenter, &table, places, start, end, target, counts, error);
    }
    if (target && fclose(target) != 0) done = fail(error, "'%s' cannot be written", out);
    if (source) fclose(source);
    for (size_t i = 0; i < table.count; i++) free(table.cells[i]);
    free(table.cells);
    free(places);
    return done;
}
