// Compares the model with the answers that every language must give.
#pragma once

#include <chrono>
#include <fstream>
#include <iomanip>
#include <iostream>

#include "segmenter.hpp"

namespace segmentation {

class Vectors {
public:
    Vectors(const Segmenter& segmenter, const std::string& path) : segmenter_(segmenter) {
        std::ifstream file(path);
        if (!file) throw std::runtime_error("no test vectors can be read at '" + path + "'");
        document_ = nlohmann::json::parse(file);
        rows_.resize(document_.at("outputs").at("segment").size());
        for (const auto& column : segmenter.contract.columns) {
            const auto& cells = document_.at("inputs").at(column.name);
            for (std::size_t i = 0; i < rows_.size(); i++)
                rows_[i].push_back(cells[i].is_null()     ? column.missing()
                                   : cells[i].is_string() ? Cell(cells[i].get<std::string>())
                                                          : Cell(cells[i].get<double>()));
        }
    }

    // Runs all rows in one call, then one row per call; prints one line of JSON and returns the exit status.
    int check() {
        const auto all = segmenter_.answer(rows_, true);
        for (std::size_t row = 0; row < rows_.size(); row++) compare(all, row, row);
        for (std::size_t row = 0; row < rows_.size(); row++) {
            compare(segmenter_.answer({rows_[row]}), 0, row);
            compare_one(row);
        }
        std::printf("{\"language\":\"C++\",\"runtime\":\"%s\",\"rows\":%zu,\"mismatches\":%d,\"p50_us\":%.1f}\n",
                    segmenter_.runtime.c_str(), rows_.size(), mismatches_, median());
        return mismatches_ ? 1 : 0;
    }

    // The p50 of predict in microseconds, a different customer each call; unknown categories count as missing.
    double median() const {
        std::vector<Record> records;
        for (const auto& row : rows_) {
            Record record;
            for (std::size_t i = 0; i < row.size(); i++) {
                const auto& column = segmenter_.contract.columns[i];
                std::visit([&](const auto& cell) { record[column.name] = cell; }, row[i]);
                try {
                    column.check(record[column.name]);
                } catch (const InputError&) {
                    record[column.name] = std::monostate();
                }
            }
            records.push_back(record);
        }
        std::vector<double> times;
        for (std::size_t i = 0; i < 2200; i++) {
            const auto start = std::chrono::steady_clock::now();
            segmenter_.predict(records[i % records.size()]);
            const std::chrono::duration<double, std::micro> taken = std::chrono::steady_clock::now() - start;
            if (i >= 200) times.push_back(taken.count());  // the first calls are warm-up
        }
        std::sort(times.begin(), times.end());
        return times[times.size() / 2];
    }

private:
    void compare(const Answers& answers, std::size_t at, std::size_t row) {
        const double probability = document_["tolerances"]["probability"], distance = document_["tolerances"]["distance"];
        same(row, "segment", answers.segment[at]);
        same(row, "segment_id", answers.id[at]);
        same(row, "complete", answers.complete[at] != 0);
        near(row, "probabilities", answers.probabilities, at, probability);
        near(row, "distances", answers.distances, at, distance);
        near(row, "novelty", answers.novelty, at, distance);
        if (!answers.opinion.empty()) near(row, "classifier_probabilities", answers.opinion, at, probability);
    }

    // The graph for one complete customer gives what the whole one does.
    void compare_one(std::size_t row) {
        const auto one = segmenter_.answer_one(rows_[row]);
        if (!one) return;
        same(row, "segment_id", one->id);
        same(row, "complete", true);
        near(row, "probabilities", one->probabilities, 0, document_["tolerances"]["probability"]);
        near(row, "distances", one->distances, 0, document_["tolerances"]["distance"]);
        near(row, "novelty", std::vector{one->novelty}, 0, document_["tolerances"]["distance"]);
    }

    template <typename T>
    void same(std::size_t row, const char* output, const T& found) {
        const auto& expected = document_["outputs"][output][row];
        if (expected != found) tell(row, output, found, expected);
    }

    template <typename T>
    void near(std::size_t row, const char* output, const std::vector<T>& found, std::size_t at, double tolerance) {
        const auto& cell = document_["outputs"][output][row];
        const auto expected = cell.is_array() ? cell : nlohmann::json::array({cell});
        for (std::size_t i = 0; i < expected.size(); i++) {
            const double value = found[at * expected.size() + i];
            const bool equal = expected[i].is_null() ? std::isnan(value)
                                                     : std::abs(value - expected[i].get<double>()) <= tolerance;
            if (!equal) return tell(row, output, value, expected[i]);
        }
    }

    template <typename T>
    void tell(std::size_t row, const char* output, const T& found, const nlohmann::json& expected) {
        if (++mismatches_ > 10) return;
        std::cerr << std::setprecision(17) << "mismatch: row " << row << ": " << output << ": found " << found << ", expected " << expected << '\n';
    }

    const Segmenter& segmenter_;
    nlohmann::json document_;
    std::vector<Row> rows_;
    int mismatches_ = 0;
};

}  // namespace segmentation
