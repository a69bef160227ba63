package mediafile

import (
	"encoding/binary"
	"errors"
	"strings"
)

// box is one box of an ISO base media file: body [at, end).
type box struct {
	kind    string
	at, end int64
}

// maxBoxes bounds a walk: sound pictures have under a hundred on a level.
const maxBoxes = 10_000

// eachBox calls fn for the boxes in [at, end). A box that reaches past end is
// errShort.
func eachBox(src source, at, end int64, fn func(box) error) error {
	for count := 0; at < end; count++ {
		if count > maxBoxes {
			return errBroken
		}
		b, err := src.small(at, 8)
		if err != nil {
			return err
		}
		n, header, kind := int64(binary.BigEndian.Uint32(b)), int64(8), string(b[4:8])
		switch n {
		case 0:
			n = end - at
		case 1:
			large, err := src.small(at+8, 8)
			if err != nil {
				return err
			}
			n, header = int64(binary.BigEndian.Uint64(large)), 16
		}
		if n < header {
			return errBroken
		}
		if n > end-at {
			return errShort
		}
		if err := fn(box{kind: kind, at: at + header, end: at + n}); err != nil {
			return err
		}
		at += n
	}
	return nil
}

// errStop ends a walk early without being an error.
var errStop = errors.New("walk ends here")

// walkHEIF reads the sizes that HEIC and AVIF declare (ispe), for every item: a
// hidden huge tile costs as much as a huge picture.
func walkHEIF(src source, h *Header) error {
	h.End = 0
	err := eachBox(src, 0, src.size, func(b box) error {
		if !isBoxName(b.kind) {
			return errStop // something is appended
		}
		h.End = b.end
		if b.kind == "meta" {
			return heifMeta(src, h, b)
		}
		return nil
	})
	if errors.Is(err, errStop) || (errors.Is(err, errBroken) && h.Width > 0) {
		return nil
	}
	if errors.Is(err, errShort) && h.Width > 0 && h.End > 0 {
		if foreign, e := isForeign(src, h.End); foreign || e != nil {
			return e
		}
	}
	return err
}

// isForeign tells whether what begins at at, after a whole box, is no box that
// breaks off but something appended.
func isForeign(src source, at int64) (bool, error) {
	b, err := src.upTo(at, sniffBytes)
	if err != nil {
		return false, err
	}
	return len(b) < 8 || !isBoxName(string(b[4:8])) || recognise(b) != isUnknown, nil
}

func isBoxName(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}

func heifMeta(src source, h *Header, meta box) error {
	items := map[uint32]string{}
	var location box
	// meta is a full box: four bytes of version and flags come first.
	err := eachBox(src, meta.at+4, meta.end, func(b box) error {
		switch b.kind {
		case "iprp":
			return eachBox(src, b.at, b.end, func(p box) error {
				if p.kind != "ipco" {
					return nil
				}
				return eachBox(src, p.at, p.end, func(q box) error { return heifSize(src, h, q) })
			})
		case "iinf":
			return heifItems(src, b, items)
		case "iloc":
			location = b
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, kind := range items {
		h.Tiled = h.Tiled || kind == "grid"
		h.Traces = h.Traces || kind == "Exif" || kind == "mime"
	}
	if location.end > 0 && !h.located {
		h.located = true
		heifMetadata(src, h, location, items)
	}
	return nil
}

func heifSize(src source, h *Header, b box) error {
	if b.kind != "ispe" {
		return nil
	}
	v, err := src.small(b.at+4, 8)
	if err != nil {
		return err
	}
	h.grow(int64(binary.BigEndian.Uint32(v)), int64(binary.BigEndian.Uint32(v[4:])))
	return nil
}

// heifItems reads item ids and types; "mime" items keep their type as it is.
func heifItems(src source, b box, items map[uint32]string) error {
	v, err := src.small(b.at, 4)
	if err != nil {
		return err
	}
	at := b.at + 6
	if v[0] != 0 {
		at = b.at + 8
	}
	return eachBox(src, at, b.end, func(e box) error {
		v, err := src.small(e.at, min(14, e.end-e.at))
		if err != nil || e.kind != "infe" || len(v) < 12 {
			return err
		}
		switch {
		case v[0] == 2:
			items[uint32(binary.BigEndian.Uint16(v[4:]))] = string(v[8:12])
		case v[0] == 3 && len(v) >= 14:
			items[binary.BigEndian.Uint32(v[4:])] = string(v[10:14])
		}
		return nil
	})
}
