/* The seal of a model file: its last entry, ten fixed bytes and the SHA-256 of all bytes before it. */
#ifndef SEGMENTATION_SEAL_H
#define SEGMENTATION_SEAL_H

#include <stdbool.h>

/* Sets sealed to whether the file has a seal; false and a sentence for a file that was changed after training. */
bool seal_check(const char *model, bool *sealed, char *error);

#endif
