// The file's graph for one customer of whom every clustering column is known: a third of the whole graph's time.
#pragma once

#include <openssl/evp.h>

#include "contract.hpp"
#include "ort_calls.hpp"

namespace segmentation {

// The answer of the graph over K segments.
struct OneAnswer {
    std::size_t id;
    double novelty;
    std::vector<double> probabilities, distances;
};

class OneRow : private OrtCalls {
public:
    // Opens the graph in a file's metadata, where it has one; safe to share between threads.
    OneRow(const OrtApi* api, OrtEnv* env, const OrtSessionOptions* options, const OrtSession* whole) {
        api_ = api;
        OrtAllocator* allocator = nullptr;
        char* text = nullptr;
        check(api->GetAllocatorWithDefaultOptions(&allocator));
        const auto metadata = make<OrtModelMetadata>(api->ReleaseModelMetadata, api->SessionGetModelMetadata, whole);
        check(api->ModelMetadataLookupCustomMetadataMap(metadata.get(), allocator, "one_complete_row", &text));
        if (!text) return;
        const std::string base64 = text;
        check(api->AllocatorFree(allocator, text));
        const auto bytes = decoded(base64);
        session_ = make<OrtSession>(api->ReleaseSession, api->CreateSessionFromArray, env, bytes.data(), bytes.size(), options);
        options_ = make<OrtRunOptions>(api->ReleaseRunOptions, api->CreateRunOptions);
        memory_ = make<OrtMemoryInfo>(api->ReleaseMemoryInfo, api->CreateCpuMemoryInfo, OrtArenaAllocator, OrtMemTypeDefault);
    }

    // Answers for a validated row; nothing where the whole graph must answer.
    std::optional<OneAnswer> answer(const Contract& contract, const Row& row) const {
        if (!session_) return {};
        std::vector<double> values;
        values.reserve(row.size());
        for (std::size_t i = 0; i < row.size(); i++) {
            const auto number = contract.columns[i].number(row[i]);
            if (!number && contract.columns[i].clustering) return {};
            values.push_back(number.value_or(0));
        }
        const std::size_t k = contract.segments.size();
        std::vector<double> found(2 + 2 * k);
        run(values, found);
        if (std::isnan(found[1])) return {};  // of a formula, which the whole graph answers
        const auto middle = found.begin() + 2 + static_cast<std::ptrdiff_t>(k);
        return OneAnswer{static_cast<std::size_t>(found[0]), found[1], {found.begin() + 2, middle}, {middle, found.end()}};
    }

private:
    static std::string decoded(const std::string& base64) {
        std::string bytes(base64.size() / 4 * 3, '\0');
        const auto* letters = reinterpret_cast<const unsigned char*>(base64.data());
        const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), letters, static_cast<int>(base64.size()));
        if (length <= 0) throw std::runtime_error("the graph 'one_complete_row' in the model file must be base64, but it is not");
        const auto padding = base64.size() - 1 - base64.find_last_not_of('=');  // OpenSSL counts it as bytes
        bytes.resize(static_cast<std::size_t>(length) - padding);
        return bytes;
    }

    void run(std::vector<double>& values, std::vector<double>& found) const {
        const auto in = tensor(values, {static_cast<std::int64_t>(values.size()), 1});
        const auto out = tensor(found, {1, static_cast<std::int64_t>(found.size())});
        const char *const in_name = "values", *const out_name = "answer";
        const OrtValue* const fed = in.get();
        OrtValue* filled = out.get();
        check(api_->Run(session_.get(), options_.get(), &in_name, &fed, 1, &out_name, 1, &filled));
    }

    Owned<OrtValue> tensor(std::vector<double>& numbers, const std::array<std::int64_t, 2>& shape) const {
        return make<OrtValue>(api_->ReleaseValue, api_->CreateTensorWithDataAsOrtValue, memory_.get(), numbers.data(),
                              numbers.size() * sizeof(double), shape.data(), shape.size(), ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE);
    }

    Owned<OrtSession> session_{nullptr, nullptr};  // null in a file without this graph
    Owned<OrtRunOptions> options_{nullptr, nullptr};
    Owned<OrtMemoryInfo> memory_{nullptr, nullptr};
};

}  // namespace segmentation
