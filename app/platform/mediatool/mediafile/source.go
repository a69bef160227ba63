package mediafile

import (
	"bytes"
	"errors"
	"io"

	"vitrine/app/fault"
)

// source reads an untrusted file by offsets; every read is checked against its
// size, so parsers cannot be led outside.
type source struct {
	r    io.ReaderAt
	size int64
	near *window
}

// window keeps the last piece that was read: hostile files are made of millions
// of tiny structures, each of which would otherwise cost a system call.
type window struct {
	off int64
	b   []byte
}

const windowBytes = 64 << 10

func newSource(r io.ReaderAt, size int64) source {
	return source{r: r, size: size, near: &window{b: make([]byte, 0, windowBytes)}}
}

// peek is what is known from off on, at least one byte unless off is the end. It
// is valid until the next read.
func (s source) peek(off int64) ([]byte, error) {
	if off < 0 || off >= s.size {
		return nil, nil
	}
	if at := off - s.near.off; at >= 0 && at < int64(len(s.near.b)) {
		return s.near.b[at:], nil
	}
	s.near.off, s.near.b = off, s.near.b[:min(windowBytes, s.size-off)]
	n, err := s.r.ReadAt(s.near.b, off)
	s.near.b = s.near.b[:n]
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, unreadable(err)
	}
	return s.near.b, nil
}

// small is bytes for the few bytes of a structure's head, valid until the next
// read.
func (s source) small(off, n int64) ([]byte, error) {
	b, err := s.peek(off)
	if err != nil || int64(len(b)) >= n {
		return b[:min(n, int64(len(b)))], err
	}
	return s.bytes(off, n)
}

// errShort says that a structure reaches past the end of the file.
var errShort = errors.New("the file ends inside a structure")

// bytes reads exactly n bytes at off, or fails with errShort.
func (s source) bytes(off, n int64) ([]byte, error) {
	if off < 0 || n < 0 || off > s.size || n > s.size-off {
		return nil, errShort
	}
	b := make([]byte, n)
	if _, err := s.r.ReadAt(b, off); err != nil && !errors.Is(err, io.EOF) {
		return nil, unreadable(err)
	}
	return b, nil
}

// upTo reads at most n bytes at off: fewer at the end of the file.
func (s source) upTo(off, n int64) ([]byte, error) {
	if off >= s.size {
		return nil, nil
	}
	return s.bytes(off, min(n, s.size-off))
}

// each reads [from, to) in pieces that overlap by overlap bytes, until fn says
// stop. fn must not keep the piece.
func (s source) each(from, to, overlap int64, fn func(off int64, piece []byte) (stop bool)) error {
	const step = 64 << 10
	buf := make([]byte, step+overlap)
	for off := from; off < min(to, s.size); off += step {
		n := min(int64(len(buf)), min(to, s.size)-off)
		if _, err := s.r.ReadAt(buf[:n], off); err != nil && !errors.Is(err, io.EOF) {
			return unreadable(err)
		}
		if fn(off, buf[:n]) {
			return nil
		}
	}
	return nil
}

// find is the offset of the first needle in [from, to), or -1.
func (s source) find(from, to int64, needle []byte) (int64, error) {
	at := int64(-1)
	err := s.each(from, to, int64(len(needle)-1), func(off int64, piece []byte) bool {
		if i := bytes.Index(piece, needle); i >= 0 {
			at = off + int64(i)
		}
		return at >= 0
	})
	return at, err
}

func unreadable(err error) error {
	return fault.Caused(fault.Unavailable, "The file cannot be read right now. Try again later.", err)
}
