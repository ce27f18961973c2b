package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
)

// sealMark precedes the 64 hexadecimal digits at the end of a sealed file.
var sealMark = []byte("\x72\x48\x0a\x04seal\x12\x40")

const sealDigits = 2 * sha256.Size

// checkSeal reports whether a file ends with the SHA-256 of all bytes before its seal; another one is an error.
func checkSeal(model string) (bool, error) {
	content, err := os.ReadFile(model)
	if err != nil {
		return false, fmt.Errorf("no model file can be read: %w", err)
	}
	body := len(content) - sealDigits - len(sealMark)
	if body < 0 || !bytes.HasPrefix(content[body:], sealMark) {
		return false, nil
	}
	sum := sha256.Sum256(content[:body])
	if found := hex.EncodeToString(sum[:]); found != string(content[len(content)-sealDigits:]) {
		return true, fmt.Errorf("the file '%s' must have the SHA-256 of its seal, but its content has %s: it was changed after training", model, found)
	}
	return true, nil
}
