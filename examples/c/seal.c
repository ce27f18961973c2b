#include "seal.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract.h"

#define DIGITS 64
static const unsigned char MARK[] = {0x72, 0x48, 0x0a, 0x04, 's', 'e', 'a', 'l', 0x12, 0x40};

static unsigned char *read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    long end = fseek(file, 0, SEEK_END) ? -1 : ftell(file);
    unsigned char *content = end < 0 ? NULL : malloc((size_t)end + 1);
    *length = content && !fseek(file, 0, SEEK_SET) ? fread(content, 1, (size_t)end, file) : 0;
    fclose(file);
    return content;
}

bool seal_check(const char *model, bool *sealed, char *error) {
    size_t length = 0;
    unsigned char *content = read_file(model, &length), digest[EVP_MAX_MD_SIZE];
    if (!content) return fail(error, "no model file can be read at '%s'", model);
    const size_t tail = sizeof MARK + DIGITS;
    bool right = true;
    *sealed = length >= tail && !memcmp(content + length - tail, MARK, sizeof MARK);
    if (*sealed) {
        char found[DIGITS + 1] = "";
        unsigned int size = 0;
        if (EVP_Digest(content, length - tail, digest, &size, EVP_sha256(), NULL))
            for (unsigned int i = 0; i < size && i < DIGITS / 2; i++) sprintf(found + 2 * i, "%02x", digest[i]);
        right = !memcmp(content + length - DIGITS, found, DIGITS);
        if (!right)
            fail(error, "the file '%s' must have the SHA-256 of its seal, but its content has %s: it was changed after training",
                 model, found);
    }
    free(content);
    return right;
}
