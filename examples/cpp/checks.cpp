// Checks one answer, the messages of the validation, and a table with irregular formatting.
#include <filesystem>
#include <iostream>

#include "table.hpp"

using namespace segmentation;

static int passed = 0, failed = 0;

static void expect(bool holds, const std::string& what) {
    (holds ? passed : failed)++;
    if (!holds) std::cerr << "failed: " << what << '\n';
}

static void refuses(const Segmenter& segmenter, const Record& record, const std::string& sentence) {
    std::string found = "an answer";
    try {
        segmenter.predict(record);
    } catch (const InputError& error) {
        found = error.what();
    }
    expect(found == sentence, "found " + found + ", expected " + sentence);
}

static void scores_a_table(const Segmenter& segmenter) {
    const auto folder = std::filesystem::temp_directory_path();
    const auto in = (folder / "segmentation-in.csv").string(), out = (folder / "segmentation-out.csv").string();
    std::ofstream(in) << "\xEF\xBB\xBFnote,GENRE,Annual Income (k$),score\n\"a, \"\"b\"\"\",w,17,40\nc,,nan,\nd,robot,1,1\n";
    expect(score(segmenter, in, out) == "2 rows scored, 1 refused", "two rows are scored, one is refused");
    std::ifstream file(out);
    for (const std::string start : {
             "note,GENRE,Annual Income (k$),score,segment,segment_id,probability,complete,novelty,problem",
             "\"a, \"\"b\"\"\",w,17,40,\"Low income, low score\",", "c,,nan,,\"Mid income, mid score\",",
             "d,robot,1,1,,,,,,\"column 'gender' must be one of 'Female', 'Male', but it is 'robot'"}) {
        std::string line;
        std::getline(file, line);
        expect(line.rfind(start, 0) == 0, "found " + line + ", expected " + start + "...");
    }
    std::filesystem::remove(in);
    std::filesystem::remove(out);
}

int main() {
    const char *library = std::getenv("ORT_LIB"), *model = std::getenv("MODEL");
    const Segmenter segmenter(library ? library : "libonnxruntime.so.1", model ? model : "../../artifacts/model.onnx");
    const auto answer = segmenter.predict({{"gender", "f"}, {"age", 31.0}, {"annual_income", 17.0}, {"spending_score", 40.0}});
    expect(answer.segment.name == "Low income, low score" && answer.complete && answer.enough, "the answer is Python's");
    const auto unknown = segmenter.predict({});
    expect(!unknown.complete && !unknown.enough && std::isnan(unknown.novelty), "nothing known is not enough");
    refuses(segmenter, {{"x", 1.0}}, "unknown column 'x'; known: 'gender', 'age', 'annual_income', 'spending_score'.");
    refuses(segmenter, {{"age", "abc"}}, "column 'age' must be a number, but it is 'abc'; give it without quotes, or leave it unknown");
    refuses(segmenter, {{"age", 130.0}}, "column 'age' must be from 0 to 120 years, but it is 130; correct it or leave it unknown");
    refuses(segmenter, {{"age", 1e39}}, "column 'age' must be a finite number in single precision, but it is 1e+39; correct it");
    refuses(segmenter, {{"gender", "x"}},
            "column 'gender' must be one of 'Female', 'Male', but it is 'x'; correct it or leave it unknown.");
    scores_a_table(segmenter);
    std::cout << passed << " passed, " << failed << " failed\n";
    return failed ? 1 : 0;
}
