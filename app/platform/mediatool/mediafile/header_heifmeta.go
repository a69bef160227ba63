package mediafile

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
)

// heifMetadata reads the Exif and XMP items through the table of locations. It
// reports nothing: a picture with a damaged table of metadata is still a picture.
func heifMetadata(src source, h *Header, location box, items map[uint32]string) {
	b, err := src.bytes(location.at, location.end-location.at)
	if err != nil || len(b) > maxMetadata {
		return
	}
	extents := heifExtents(b)
	tries := 16 // sound pictures have two such items
	for _, id := range slices.Sorted(maps.Keys(extents)) {
		kind, at := items[id], extents[id]
		if (kind != "Exif" && kind != "mime") || at.size > maxMetadata {
			continue
		}
		if tries--; tries < 0 {
			return
		}
		data, err := src.bytes(at.offset, at.size)
		if err != nil || len(data) < 4 {
			continue
		}
		if kind == "mime" {
			if bytes.Contains(data[:min(len(data), 400)], []byte("xmpmeta")) {
				h.meta.xmp = data
			}
			continue
		}
		skip := int64(binary.BigEndian.Uint32(data)) + 4
		if skip < int64(len(data)) {
			h.meta.exif = data[skip:]
		}
	}
}

type extent struct{ offset, size int64 }

// heifExtents reads an iloc box: the first extent of each item that lies at an
// offset in the file (construction method 0).
func heifExtents(b []byte) map[uint32]extent {
	r := &fields{b: b}
	version := r.number(1)
	r.number(3)
	sizes := r.number(2)
	offsetSize, lengthSize := int(sizes>>12&15), int(sizes>>8&15)
	baseSize, indexSize := int(sizes>>4&15), int(sizes&15)
	idSize := 2
	if version == 2 {
		idSize = 4
	}
	found := map[uint32]extent{}
	for n := r.number(idSize); n > 0 && !r.short; n-- {
		id := uint32(r.number(idSize))
		method := uint64(0)
		if version > 0 {
			method = r.number(2) & 15
		}
		r.number(2) // data reference
		base := r.number(baseSize)
		extents := r.number(2)
		for i := uint64(0); i < extents && !r.short; i++ {
			if version > 0 {
				r.number(indexSize)
			}
			e := extent{offset: int64(base + r.number(offsetSize)), size: int64(r.number(lengthSize))}
			if i == 0 && method == 0 {
				found[id] = e
			}
		}
	}
	if r.short {
		return nil
	}
	return found
}

// fields reads big-endian numbers; past the end it gives zeros and says short.
type fields struct {
	b     []byte
	short bool
}

func (f *fields) number(n int) (v uint64) {
	if n > len(f.b) || n > 8 {
		f.short, f.b = true, nil
		return 0
	}
	for _, c := range f.b[:n] {
		v = v<<8 | uint64(c)
	}
	f.b = f.b[n:]
	return v
}
