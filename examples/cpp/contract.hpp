// The contract in the model file, and the validation of a caller's values.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace segmentation {

// The caller's values cannot be answered: what must be true, what was seen, what to do.
struct InputError : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

using Value = std::variant<std::monostate, double, std::string>;  // monostate: unknown
using Record = std::map<std::string, Value>;                      // one customer, by column name
using Cell = std::variant<double, std::string>;                   // validated; missing is NaN or ""
using Row = std::vector<Cell>;                                    // in the order of the graph's inputs

struct Category {
    std::string value;
    std::vector<std::string> aliases;
};

struct Segment {
    std::int64_t id;
    std::string name, tier, action;
};

inline bool known(const Cell& cell) {
    const auto* number = std::get_if<double>(&cell);
    return number ? !std::isnan(*number) : !std::get<std::string>(cell).empty();
}

// Without blanks at the ends, also without the no-break spaces of spreadsheets.
inline std::string trim(std::string text) {
    const std::string blank = " \t\r\n\v\f", no_break = "\u00a0";
    while (!text.empty() && blank.find(text.back()) != std::string::npos) text.pop_back();
    const auto first = std::min(text.find_first_not_of(blank), text.size());
    text.erase(0, first);
    if (text.rfind(no_break, 0) == 0) return trim(text.substr(no_break.size()));
    const auto end = text.size() - std::min(text.size(), no_break.size());
    return text.size() > end && text.substr(end) == no_break ? trim(text.substr(0, end)) : text;
}

// Trimmed and without regard to the case of ASCII letters.
inline std::string fold(const std::string& text) {
    auto folded = trim(text);
    for (auto& letter : folded)
        if (letter >= 'A' && letter <= 'Z') letter += 'a' - 'A';
    return folded;
}

inline std::string quoted(const std::string& text) {
    const bool apostrophe = text.find('\'') != std::string::npos && text.find('"') == std::string::npos;
    return apostrophe ? '"' + text + '"' : "'" + text + "'";
}

inline std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + quoted(name);
    return text;
}

inline std::string shown(const Value& value) {
    std::string text = "unknown";
    if (const auto* given = std::get_if<std::string>(&value)) text = quoted(*given);
    if (const auto* number = std::get_if<double>(&value)) {
        char digits[32];
        for (int precision = 15; precision <= 17; precision++) {  // the fewest digits that read back
            std::snprintf(digits, sizeof digits, "%.*g", precision, *number);
            if (std::strtod(digits, nullptr) == *number) break;
        }
        text = digits;
    }
    std::size_t end = 57;
    while (end < text.size() && (text[end] & 0xC0) == 0x80) end--;  // no incomplete characters
    return text.size() <= 60 ? text : text.substr(0, end) + "...";
}

struct Column {
    std::string name, label, unit;
    std::vector<std::string> aliases;
    bool category, clustering, missing_allowed;
    std::optional<std::pair<double, double>> range;
    std::vector<Category> categories;

    Cell missing() const {
        return category ? Cell(std::string()) : Cell(std::numeric_limits<double>::quiet_NaN());
    }

    Cell check(const Value& value) const {
        const auto* text = std::get_if<std::string>(&value);
        const auto* number = std::get_if<double>(&value);
        if ((!text && !number) || (number && std::isnan(*number)) || (category && text && trim(*text).empty())) {
            if (!missing_allowed) refuse("must be given, but it is missing; fill it in");
            return missing();
        }
        if (category) return check_category(value);
        if (!number)
            refuse("must be a number, but it is " + shown(value) + "; give it without quotes, or leave it unknown");
        if (std::abs(*number) > std::numeric_limits<float>::max())
            refuse("must be a finite number in single precision, but it is " + shown(value) + "; correct it");
        if (range && (*number < range->first || *number > range->second)) {
            std::ostringstream limits;
            limits << "from " << range->first << " to " << range->second << (unit.empty() ? "" : " ") << unit;
            refuse("must be " + limits.str() + ", but it is " + shown(value) + "; correct it or leave it unknown");
        }
        return *number;
    }

    // A validated cell as a number, a category as its position; nothing where it is unknown.
    std::optional<double> number(const Cell& cell) const {
        if (const auto* number = std::get_if<double>(&cell)) return std::isnan(*number) ? std::nullopt : std::optional(*number);
        for (std::size_t position = 0; position < categories.size(); position++)
            if (categories[position].value == std::get<std::string>(cell)) return static_cast<double>(position);
        return {};
    }

    // Reads a value from a command line or a CSV cell, where everything is text.
    Value from_text(const std::string& text) const {
        const auto trimmed = trim(text);
        if (trimmed.empty() || fold(trimmed) == "nan") return {};
        if (category || trimmed.find_first_not_of("0123456789+-.eE") != std::string::npos) return text;
        char* end = nullptr;
        const double number = std::strtod(trimmed.c_str(), &end);
        return *end == '\0' ? Value(number) : Value(text);
    }

private:
    Cell check_category(const Value& value) const {
        const auto* text = std::get_if<std::string>(&value);
        std::vector<std::string> names;
        for (const auto& each : categories) {
            if (text && each.value == *text) return each.value;
            const auto means = [&](const std::string& spelling) { return text && fold(spelling) == fold(*text); };
            if (means(each.value) || std::any_of(each.aliases.begin(), each.aliases.end(), means)) return each.value;
            names.push_back(each.value);
        }
        refuse("must be one of " + listed(names) + ", but it is " + shown(value) + "; correct it or leave it unknown.");
    }

    [[noreturn]] void refuse(const std::string& reason) const {
        throw InputError("column '" + name + "' " + reason);
    }
};

struct Contract {
    std::vector<Column> columns;
    std::vector<Segment> segments;
    float answer_probability;
    bool sealed;  // the file ends with its own SHA-256

    static Contract parse(const std::string& text) {
        const auto document = nlohmann::json::parse(text);
        if (document.at("format") != 2)
            throw std::runtime_error("the contract must have format 2, but it has " + document.at("format").dump() +
                                     "; train the model again");
        Contract contract{{}, {}, document.at("thresholds").at("answer_probability"), document.value("sealed", false)};
        for (const auto& each : document.at("segments"))
            contract.segments.push_back({each.at("id"), each.at("name"), each.at("tier"), each.at("action")});
        for (const auto& each : document.at("columns")) {
            Column column{each.at("name"), each.at("label"), each.at("unit"), each.at("aliases"),
                          each.at("kind") == "category", each.value("role", "") == "clustering", each.at("missing_allowed"), {}, {}};
            if (const auto& range = each.at("range"); !range.is_null() && each.value("hard_range", true))
                column.range = {range.at(0), range.at(1)};
            for (const auto& category : each.at("categories"))
                column.categories.push_back({category.at("value"), category.at("aliases")});
            contract.columns.push_back(std::move(column));
        }
        return contract;
    }

    std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (const auto& column : columns) names.push_back(column.name);
        return names;
    }

    // A row for the graph; throws InputError for an unknown column or a value that is refused.
    Row check(const Record& record) const {
        for (const auto& [name, value] : record) {
            const auto called = [&](const Column& column) { return column.name == name; };
            if (std::none_of(columns.begin(), columns.end(), called))
                throw InputError("unknown column '" + name + "'; known: " + listed(names()) + ".");
        }
        Row row;
        for (const auto& column : columns) {
            const auto given = record.find(column.name);
            row.push_back(column.check(given == record.end() ? Value() : given->second));
        }
        return row;
    }
};

}  // namespace segmentation
