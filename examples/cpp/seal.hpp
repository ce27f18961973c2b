// The seal of a model file: its last entry, ten fixed bytes and the SHA-256 of all bytes before it.
#pragma once

#include <openssl/evp.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace segmentation {

// Whether a file has a seal; throws when its content is another one: it was changed after training.
inline bool check_seal(const std::string& model) {
    static const std::string mark("\x72\x48\x0a\x04seal\x12\x40", 10);
    constexpr std::size_t digits = 64;
    std::ifstream file(model, std::ios::binary);
    if (!file) throw std::runtime_error("no model file can be read at '" + model + "'");
    const std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const std::size_t tail = mark.size() + digits;
    if (content.size() < tail || content.compare(content.size() - tail, mark.size(), mark) != 0) return false;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (!EVP_Digest(content.data(), content.size() - tail, digest, &size, EVP_sha256(), nullptr))
        throw std::runtime_error("OpenSSL must offer SHA-256, but it does not");
    std::string found;
    for (unsigned int i = 0; i < size; i++) {
        found += "0123456789abcdef"[digest[i] >> 4];
        found += "0123456789abcdef"[digest[i] & 15];
    }
    if (content.compare(content.size() - digits, digits, found) != 0)
        throw std::runtime_error("the file '" + model + "' must have the SHA-256 of its seal, but its content has " + found +
                                 ": it was changed after training");
    return true;
}

}  // namespace segmentation
