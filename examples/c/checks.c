/* Checks one answer, the messages of the validation, and a table with irregular formatting. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

static int passed, failed;

static void expect(bool holds, const char *found, const char *expected) {
    if (holds)
        passed++;
    else
        failed++;
    if (!holds) fprintf(stderr, "failed: found %s, expected %s\n", found, expected);
}

static void refuses(const segmenter *segmenter, field given, const char *sentence) {
    char error[ERROR_SIZE] = "an answer";
    answer answer;
    segmenter_predict(segmenter, &given, 1, &answer, NULL, error);
    expect(strcmp(error, sentence) == 0, error, sentence);
}

static void scores_a_table(const segmenter *segmenter) {
    const char *in = "build/in.csv", *out = "build/out.csv";
    const char *starts[] = {
        "note,GENRE,Annual Income (k$),score,segment,segment_id,probability,complete,novelty,problem",
        "\"a, \"\"b\"\"\",w,17,40,\"Low income, low score\",",
        "c,,nan,,\"Mid income, mid score\",",
        "d,robot,1,1,,,,,,\"column 'gender' must be one of 'Female', 'Male', but it is 'robot'",
    };
    char error[ERROR_SIZE], line[1024] = "";
    size_t counts[2];
    FILE *file = fopen(in, "w");
    fputs("\xEF\xBB\xBFnote,GENRE,Annual Income (k$),score\n\"a, \"\"b\"\"\",w,17,40\nc,,nan,\nd,robot,1,1\n", file);
    fclose(file);
    expect(table_score(segmenter, in, out, counts, error) && counts[0] == 2 && counts[1] == 1, error, "2 and 1 rows");
    file = fopen(out, "r");
    for (size_t i = 0; i < 4 && fgets(line, sizeof line, file); i++)
        expect(strncmp(line, starts[i], strlen(starts[i])) == 0, line, starts[i]);
    fclose(file);
}

int main(void) {
    const char *library = getenv("ORT_LIB"), *model = getenv("MODEL");
    const field customer[] = {
        {"gender", TEXT, 0, "f"}, {"age", NUMBER, 31, NULL}, {"annual_income", NUMBER, 17, NULL}, {"spending_score", NUMBER, 40, NULL},
    };
    segmenter segmenter;
    answer answer;
    char error[ERROR_SIZE];
    if (!segmenter_load(&segmenter, library ? library : "libonnxruntime.so.1", model ? model : "../../artifacts/model.onnx", error)) {
        fprintf(stderr, "%s\n", error);
        return 2;
    }
    const bool answered = segmenter_predict(&segmenter, customer, 4, &answer, NULL, error);
    expect(answered && strcmp(answer.segment->name, "Low income, low score") == 0 && answer.complete && answer.enough, error,
           "Python's answer");
    const bool guessed = segmenter_predict(&segmenter, NULL, 0, &answer, NULL, error);
    expect(guessed && !answer.complete && !answer.enough && isnan(answer.novelty), error, "not enough for one label");
    refuses(&segmenter, (field){"x", NUMBER, 1, NULL}, "unknown column 'x'; known: 'gender', 'age', 'annual_income', 'spending_score'.");
    refuses(&segmenter, (field){"age", TEXT, 0, "abc"},
            "column 'age' must be a number, but it is 'abc'; give it without quotes, or leave it unknown");
    refuses(&segmenter, (field){"age", NUMBER, 130, NULL},
            "column 'age' must be from 0 to 120 years, but it is 130; correct it or leave it unknown");
    refuses(&segmenter, (field){"age", NUMBER, 1e39, NULL},
            "column 'age' must be a finite number in single precision, but it is 1e+39; correct it");
    refuses(&segmenter, (field){"gender", TEXT, 0, "x"},
            "column 'gender' must be one of 'Female', 'Male', but it is 'x'; correct it or leave it unknown.");
    scores_a_table(&segmenter);
    segmenter_free(&segmenter);
    printf("%d passed, %d failed\n", passed, failed);
    return failed ? 1 : 0;
}
