package mediafile

import (
	"encoding/binary"
	"errors"
	"io"

	"vitrine/app/fault"
)

// Damaged and DamagedFilm are told when a decoder or a parser finds nonsense
// inside a file.
const (
	Damaged     = "The picture is damaged: parts of it cannot be read. Export it again, or upload it once more."
	DamagedFilm = "The film is damaged: it cannot be read. Export it again, or upload it once more."
)

// FilmEnd walks the outermost boxes of an MP4 or MOV: the offset where they end
// (what follows is appended), or fault.Invalid when the file breaks off or holds
// no index. For WebM, whose structure is left to ffprobe, it is 0.
func FilmEnd(r io.ReaderAt, size int64, format Format) (end int64, err error) {
	if format == FormatWebM {
		return 0, nil
	}
	src := newSource(r, size)
	index, last := false, box{}
	err = eachBox(src, 0, src.size, func(b box) error {
		if !isBoxName(b.kind) {
			return errStop
		}
		end, last = b.end, b
		index = index || b.kind == "moov" || b.kind == "moof"
		return nil
	})
	// A box of the size 0 reaches to the end of the file; anything may hide in it.
	if last.kind == "free" || last.kind == "skip" {
		end = last.at
	}
	switch {
	case errors.Is(err, errShort):
		if foreign, e := isForeign(src, end); index && (foreign || e != nil) {
			return end, e
		}
		return 0, fault.Caused(fault.Invalid, breaksOff(src.size), err)
	case errors.Is(err, errStop) && index:
		err = nil
	case err == nil && !index:
		return 0, fault.Newf(fault.Invalid, "The film has no index, so it cannot be played: recording may have been cut short. Export it again.")
	case err != nil:
		var known *fault.Error
		if !errors.As(err, &known) {
			err = fault.Caused(fault.Invalid, DamagedFilm, err)
		}
	}
	return end, err
}

// HasFastStart tells whether a film's index stands before its data, so that it
// plays while it loads.
func HasFastStart(r io.ReaderAt, size int64) bool {
	src := newSource(r, size)
	for at := int64(0); ; {
		b, err := src.small(at, 8)
		if err != nil {
			return false
		}
		switch string(b[4:]) {
		case "moov":
			return true
		case "mdat":
			return false
		}
		at += max(8, int64(binary.BigEndian.Uint32(b)))
	}
}
