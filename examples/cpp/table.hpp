// Scores a CSV file: all rows stay in order, and an invalid row gets an error message.
#pragma once

#include <csv.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "segmenter.hpp"

namespace segmentation {

using Cells = std::vector<std::string>;

inline std::vector<Cells> read_csv(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw InputError("no table can be read at '" + path + "'");
    std::string content(std::istreambuf_iterator<char>(file), {});
    if (content.rfind("\xEF\xBB\xBF", 0) == 0) content.erase(0, 3);
    std::vector<Cells> table(1);
    csv_parser parser;
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_space_func(&parser, [](unsigned char) { return 0; });  // keep blanks as they are
    const auto cell = [](void* cell, std::size_t size, void* table) {
        static_cast<std::vector<Cells>*>(table)->back().emplace_back(static_cast<char*>(cell), size);
    };
    const auto line = [](int, void* table) { static_cast<std::vector<Cells>*>(table)->emplace_back(); };
    const bool read = csv_parse(&parser, content.data(), content.size(), cell, line, &table) == content.size() &&
                      csv_fini(&parser, cell, line, &table) == 0;
    csv_free(&parser);
    if (!read) throw InputError("the table '" + path + "' must be CSV, but its quotes do not match");
    table.pop_back();
    if (table.empty()) throw InputError("the table must have a header and rows, but '" + path + "' is empty");
    for (std::size_t i = 0; i < table.size(); i++)
        if (table[i].size() != table[0].size())
            throw InputError("record " + std::to_string(i + 1) + " must have " + std::to_string(table[0].size()) +
                             " cells like the header, but it has " + std::to_string(table[i].size()));
    return table;
}

inline void write_line(std::ofstream& file, const Cells& cells) {
    for (std::size_t i = 0; i < cells.size(); i++) {
        std::string text = cells[i];
        if (text.find_first_of(",\"\r\n") != std::string::npos) {
            for (std::size_t at = 0; (at = text.find('"', at)) != std::string::npos; at += 2) text.insert(at, 1, '"');
            text = '"' + text + '"';
        }
        file << (i ? "," : "") << text;
    }
    file << '\n';
}

// The place of each of the contract's columns in the header, by name, label or alias in any case; or -1.
inline std::vector<int> find_columns(const Contract& contract, const Cells& header) {
    std::vector<int> places;
    for (const auto& column : contract.columns) {
        Cells spellings{column.name, column.label};
        spellings.insert(spellings.end(), column.aliases.begin(), column.aliases.end());
        int place = -1;
        for (std::size_t i = 0; i < spellings.size() && place < 0; i++)
            for (std::size_t j = 0; j < header.size() && place < 0; j++)
                if (fold(header[j]) == fold(spellings[i])) place = static_cast<int>(j);
        places.push_back(place);
    }
    if (std::all_of(places.begin(), places.end(), [](int place) { return place < 0; }))
        throw InputError("the table must have at least one of the columns " + listed(contract.names()) +
                         ", but its headers are " + listed(header));
    return places;
}

inline std::string six(double number) {
    char text[64];
    std::snprintf(text, sizeof text, "%.6f", number);
    return text;
}

// Scores one file into another; returns a summary as a sentence.
inline std::string score(const Segmenter& segmenter, const std::string& in, const std::string& out) {
    const auto table = read_csv(in);
    const auto& columns = segmenter.contract.columns;
    const auto places = find_columns(segmenter.contract, table[0]);
    std::ofstream file(out, std::ios::binary);
    auto header = table[0];
    for (const auto* added : {"segment", "segment_id", "probability", "complete", "novelty", "problem"}) header.push_back(added);
    write_line(file, header);
    std::size_t refused = 0;
    const std::size_t chunk = 65536;  // rows per call
    for (std::size_t start = 1; start < table.size(); start += chunk) {
        std::vector<Row> rows;
        std::vector<std::string> problems;
        const auto end = std::min(start + chunk, table.size());
        for (auto line = start; line < end; line++) {
            Record record;
            for (std::size_t i = 0; i < columns.size(); i++)
                if (places[i] >= 0) record[columns[i].name] = columns[i].from_text(table[line][places[i]]);
            try {
                rows.push_back(segmenter.contract.check(record));
                problems.emplace_back();
            } catch (const InputError& error) {
                problems.emplace_back(error.what());
            }
        }
        const auto answers = rows.empty() ? Answers() : segmenter.answer(rows);
        std::size_t asked = 0;
        for (auto line = start; line < end; line++) {
            Cells added(5);
            if (problems[line - start].empty()) {
                const auto answer = segmenter.at(answers, asked, rows[asked]);
                asked++;
                added = {answer.segment.name, std::to_string(answer.segment.id), six(answer.probability),
                         answer.complete ? "true" : "false", std::isnan(answer.novelty) ? "" : six(answer.novelty)};
            }
            auto cells = table[line];
            cells.insert(cells.end(), added.begin(), added.end());
            cells.push_back(problems[line - start]);
            write_line(file, cells);
        }
        refused += end - start - rows.size();
    }
    if (!file.flush()) throw std::runtime_error("'" + out + "' cannot be written");
    return std::to_string(table.size() - 1 - refused) + " rows scored, " + std::to_string(refused) + " refused";
}

}  // namespace segmentation
