// predict NAME=VALUE ... | score IN OUT | vectors | bench. See README.md.
#include "table.hpp"
#include "vectors.hpp"

using namespace segmentation;

static std::string variable(const char* name, const char* otherwise) {
    const char* value = std::getenv(name);
    return value && *value ? value : otherwise;
}

static void predict(const Segmenter& segmenter, const std::vector<std::string>& arguments) {
    Record record;
    for (const auto& argument : arguments) {
        const auto equals = argument.find('=');
        if (equals == std::string::npos)
            throw InputError("each value must be given as NAME=VALUE, but one is '" + argument + "'");
        record[argument.substr(0, equals)] = argument.substr(equals + 1);
    }
    for (const auto& column : segmenter.contract.columns)
        if (const auto given = record.find(column.name); given != record.end())
            given->second = column.from_text(std::get<std::string>(given->second));
    const auto answer = segmenter.predict(record);
    std::cout << "segment: " << answer.segment.name << "\nprobability: " << six(answer.probability) << std::boolalpha
              << "\ncomplete: " << answer.complete << "\nenough: " << answer.enough << '\n';
    if (!std::isnan(answer.novelty)) std::cout << "novelty: " << six(answer.novelty) << '\n';
    std::cout << "action: " << answer.segment.action << '\n';
}

static int command(const std::vector<std::string>& arguments) {
    const Segmenter segmenter(variable("ORT_LIB", "libonnxruntime.so.1"), variable("MODEL", "../../artifacts/model.onnx"));
    const auto vectors = variable("VECTORS", "../../artifacts/test_vectors.json");
    const auto name = arguments.empty() ? "" : arguments[0];
    if (name == "predict") {
        predict(segmenter, {arguments.begin() + 1, arguments.end()});
    } else if (name == "score" && arguments.size() == 3) {
        std::cerr << score(segmenter, arguments[1], arguments[2]) << '\n';
    } else if (name == "vectors") {
        return Vectors(segmenter, vectors).check();
    } else if (name == "bench") {
        std::printf("p50 of one row: %.1f us\n", Vectors(segmenter, vectors).median());
    } else {
        throw InputError("usage: customer-segmentation predict NAME=VALUE ... | score IN OUT | vectors | bench");
    }
    return 0;
}

int main(int count, char** arguments) {
    try {
        return command({arguments + 1, arguments + count});
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 2;
    }
}
