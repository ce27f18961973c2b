// Calls of onnxruntime's C API whose failures are exceptions, and whose objects release themselves.
#pragma once

#include <onnxruntime_c_api.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace segmentation {

class OrtCalls {
protected:
    template <typename T>
    using Owned = std::unique_ptr<T, void (*)(T*)>;

    void check(OrtStatus* status) const {
        if (!status) return;
        const std::string message = api_->GetErrorMessage(status);
        api_->ReleaseStatus(status);
        throw std::runtime_error(message);
    }

    template <typename T, typename Create, typename... Arguments>
    Owned<T> make(void (*release)(T*), Create create, Arguments... arguments) const {
        T* made = nullptr;
        check(create(arguments..., &made));
        return Owned<T>(made, release);
    }

    const OrtApi* api_ = nullptr;
};

}  // namespace segmentation
