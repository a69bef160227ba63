package mediatool

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
)

// Sum reads r to its end and returns the lower-case hexadecimal SHA-256 and the
// number of bytes, holding no more than a buffer in memory.
func Sum(r io.Reader) (digest string, size int64, err error) {
	h := sha256.New()
	size, err = io.Copy(h, r)
	if err != nil {
		return "", size, err
	}
	return hex.EncodeToString(h.Sum(nil)), size, nil
}

// SumFile is Sum of the file at path.
func SumFile(path string) (digest string, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = f.Close() }()
	return Sum(f)
}
