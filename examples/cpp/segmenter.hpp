// Runs the model file through the C API of onnxruntime, loaded at run time.
#pragma once

#include <dlfcn.h>

#include "contract.hpp"
#include "one_row.hpp"
#include "seal.hpp"

namespace segmentation {

// Answers for N customers over K segments; matrices are flat, row after row.
struct Answers {
    std::vector<std::string> segment;
    std::vector<std::int64_t> id;
    std::vector<float> probabilities;
    std::vector<std::uint8_t> complete;
    std::vector<double> distances, novelty;
    std::vector<float> opinion;  // of the classifier; empty when it was not requested
};

// The answer for one customer. enough: whether the answer is certain enough for one segment.
struct Answer {
    Segment segment;
    float probability;
    bool complete, enough;
    double novelty;
    std::vector<double> distances;  // NaN where a clustering column is unknown
};

class Segmenter : private OrtCalls {
public:
    // Opens a model in the onnxruntime at `library` and reads its contract; safe to share between threads.
    Segmenter(const std::string& library, const std::string& model) {
        const bool sealed = check_seal(model);
        void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
        void* symbol = handle ? dlsym(handle, "OrtGetApiBase") : nullptr;
        if (!symbol) throw std::runtime_error(std::string("ORT_LIB must be the path of libonnxruntime.so: ") + dlerror());
        const OrtApiBase* base = reinterpret_cast<const OrtApiBase* (*)()>(symbol)();
        runtime = base->GetVersionString();
        api_ = base->GetApi(17);  // all that is needed here; the header's own number would exclude older libraries
        if (!api_) throw std::runtime_error("onnxruntime must be 1.17 or later, but it is " + runtime);
        env_ = make<OrtEnv>(api_->ReleaseEnv, api_->CreateEnv, ORT_LOGGING_LEVEL_ERROR, "segmentation");
        const auto options = make<OrtSessionOptions>(api_->ReleaseSessionOptions, api_->CreateSessionOptions);
        check(api_->SetIntraOpNumThreads(options.get(), 1));  // more spin and cost ten times the CPU here
        check(api_->SetInterOpNumThreads(options.get(), 1));
        check(api_->SetSessionExecutionMode(options.get(), ORT_SEQUENTIAL));
        session_ = make<OrtSession>(api_->ReleaseSession, api_->CreateSession, env_.get(), model.c_str(), options.get());
        memory_ = make<OrtMemoryInfo>(api_->ReleaseMemoryInfo, api_->CreateCpuMemoryInfo, OrtArenaAllocator, OrtMemTypeDefault);
        one_row_.emplace(api_, env_.get(), options.get(), session_.get());
        check(api_->GetAllocatorWithDefaultOptions(&allocator_));
        contract = read_contract();
        if (contract.sealed && !sealed)
            throw std::runtime_error("the file '" + model +
                                     "' must end with its seal, but it does not: it was cut or changed after training");
    }

    // Answers for one customer; a column left out is unknown. Throws InputError for a value that is refused.
    Answer predict(const Record& record) const {
        const std::vector<Row> rows{contract.check(record)};
        auto one = answer_one(rows[0]);
        if (!one) return at(answer(rows), 0, rows[0]);
        const auto probability = static_cast<float>(one->probabilities[one->id]);
        return {contract.segments[one->id], probability, true, true, one->novelty, std::move(one->distances)};
    }

    // The answer of the graph for one complete customer; nothing where the whole graph must answer.
    std::optional<OneAnswer> answer_one(const Row& row) const {
        return one_row_->answer(contract, row);
    }

    // Runs the graph for validated rows, in one call.
    Answers answer(const std::vector<Row>& rows, bool opinion = false) const {
        std::vector<const char*> outputs{"segment", "segment_id", "probabilities", "complete", "distances", "novelty"};
        if (opinion) outputs.push_back("classifier_probabilities");
        std::vector<const char*> inputs;
        for (const auto& column : contract.columns) inputs.push_back(column.name.c_str());
        const auto values = run(inputs, rows, outputs);
        return {strings(values[0]), copied<std::int64_t>(values[1]), copied<float>(values[2]),
                copied<std::uint8_t>(values[3]), copied<double>(values[4]), copied<double>(values[5]),
                opinion ? copied<float>(values[6]) : std::vector<float>()};
    }

    // The answer for the customer in `row`, with the given cells.
    Answer at(const Answers& answers, std::size_t row, const Row& cells) const {
        const auto id = static_cast<std::size_t>(answers.id[row]);
        const float probability = answers.probabilities[row * contract.segments.size() + id];
        const bool complete = answers.complete[row] != 0;
        const bool alike = !(answers.novelty[row] > 1);  // NaN where no clustering column is known
        const bool likely = alike && probability >= contract.answer_probability;
        const bool enough = complete || (likely && std::any_of(cells.begin(), cells.end(), known));
        const auto first = answers.distances.begin() + static_cast<std::ptrdiff_t>(row * contract.segments.size());
        return {contract.segments[id], probability, complete, enough, answers.novelty[row],
                {first, first + static_cast<std::ptrdiff_t>(contract.segments.size())}};
    }

    Contract contract;
    std::string runtime;

private:
    // Requests only the output "contract", for one customer with no known column.
    Contract read_contract() const {
        std::size_t count = 0;
        check(api_->SessionGetInputCount(session_.get(), &count));
        std::vector<const char*> inputs;
        Row row;
        for (std::size_t i = 0; i < count; i++) {
            char* name = nullptr;
            check(api_->SessionGetInputName(session_.get(), i, allocator_, &name));
            inputs.push_back(name);
            const auto type = make<OrtTypeInfo>(api_->ReleaseTypeInfo, api_->SessionGetInputTypeInfo, session_.get(), i);
            const OrtTensorTypeAndShapeInfo* tensor = nullptr;
            ONNXTensorElementDataType element{};
            check(api_->CastTypeInfoToTensorInfo(type.get(), &tensor));
            check(api_->GetTensorElementType(tensor, &element));
            row.push_back(element == ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING ? Cell("") : Cell(std::nan("")));
        }
        const auto text = strings(run(inputs, {row}, {"contract"})[0])[0];
        for (const auto* name : inputs) check(api_->AllocatorFree(allocator_, const_cast<char*>(name)));
        return Contract::parse(text);
    }

    std::vector<Owned<OrtValue>> run(const std::vector<const char*>& inputs, const std::vector<Row>& rows,
                                     const std::vector<const char*>& outputs) const {
        std::vector<std::vector<double>> numbers(inputs.size());  // the tensors use this memory
        std::vector<Owned<OrtValue>> tensors, answers;
        std::vector<const OrtValue*> fed;
        for (std::size_t column = 0; column < inputs.size(); column++) {
            tensors.push_back(tensor(rows, column, numbers[column]));
            fed.push_back(tensors.back().get());
        }
        std::vector<OrtValue*> found(outputs.size(), nullptr);
        check(api_->Run(session_.get(), nullptr, inputs.data(), fed.data(), fed.size(), outputs.data(), found.size(), found.data()));
        for (auto* value : found) answers.emplace_back(value, api_->ReleaseValue);
        return answers;
    }

    Owned<OrtValue> tensor(const std::vector<Row>& rows, std::size_t column, std::vector<double>& numbers) const {
        const std::int64_t shape[] = {static_cast<std::int64_t>(rows.size()), 1};
        if (std::holds_alternative<double>(rows.at(0)[column])) {
            for (const auto& row : rows) numbers.push_back(std::get<double>(row[column]));
            return make<OrtValue>(api_->ReleaseValue, api_->CreateTensorWithDataAsOrtValue, memory_.get(), numbers.data(),
                                  numbers.size() * sizeof(double), shape, 2, ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE);
        }
        std::vector<const char*> texts;
        for (const auto& row : rows) texts.push_back(std::get<std::string>(row[column]).c_str());
        auto value = make<OrtValue>(api_->ReleaseValue, api_->CreateTensorAsOrtValue, allocator_, shape, 2,
                                    ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING);
        check(api_->FillStringTensor(value.get(), texts.data(), texts.size()));
        return value;
    }

    std::size_t count(const Owned<OrtValue>& value) const {
        const auto shape = make<OrtTensorTypeAndShapeInfo>(api_->ReleaseTensorTypeAndShapeInfo,
                                                           api_->GetTensorTypeAndShape, value.get());
        std::size_t elements = 0;
        check(api_->GetTensorShapeElementCount(shape.get(), &elements));
        return elements;
    }

    template <typename T>
    std::vector<T> copied(const Owned<OrtValue>& value) const {
        void* data = nullptr;
        check(api_->GetTensorMutableData(value.get(), &data));
        return {static_cast<T*>(data), static_cast<T*>(data) + count(value)};
    }

    std::vector<std::string> strings(const Owned<OrtValue>& value) const {
        std::size_t length = 0;
        check(api_->GetStringTensorDataLength(value.get(), &length));
        std::string all(length, '\0');
        std::vector<std::size_t> starts(count(value));
        check(api_->GetStringTensorContent(value.get(), all.data(), length, starts.data(), starts.size()));
        std::vector<std::string> texts;
        for (std::size_t i = 0; i < starts.size(); i++)
            texts.push_back(all.substr(starts[i], (i + 1 < starts.size() ? starts[i + 1] : length) - starts[i]));
        return texts;
    }

    OrtAllocator* allocator_ = nullptr;
    Owned<OrtEnv> env_{nullptr, nullptr};
    Owned<OrtMemoryInfo> memory_{nullptr, nullptr};
    Owned<OrtSession> session_{nullptr, nullptr};
    std::optional<OneRow> one_row_;
};

}  // namespace segmentation
