package mediafile

import (
	"errors"
	"io"

	"vitrine/app/fault"
)

// Header is what the structure of a picture says before anything decodes it.
type Header struct {
	// Width and Height are of the stored pixels, before orientation is applied:
	// the largest that any part of the file declares.
	Width, Height int
	// Orientation is EXIF's, 1 to 8; always 1 for HEIC and AVIF, whose decoder
	// applies their own rotation.
	Orientation int
	// Frames and DurationMS are counted for GIF; other pictures have one frame.
	Frames     int
	DurationMS int64
	// End is the offset just after the picture; what follows is not part of it.
	End int64
	// Tiled is true when a HEIC or AVIF is put together from smaller pictures.
	Tiled bool
	// Traces is true when the file carries metadata of any kind, a colour
	// profile or a comment included: a rendition must not.
	Traces bool
	// Credit and Copyright are cleaned text, see Info.
	Credit, Copyright string

	meta    metadata
	located bool // a table of metadata has been read; one is enough
}

// metadata collects the raw blocks that a walk comes by; each is bounded.
type metadata struct {
	exif, iptc, xmp    []byte
	artist, copyrights string // PNG text chunks
}

// maxMetadata bounds one block of metadata: larger ones are not read.
const maxMetadata = 4 << 20

// errBroken says that a file is not built as its format asks.
var errBroken = errors.New("the structure is broken")

// ReadHeader walks the structure of a picture without decoding a pixel. Errors:
// fault.Invalid when the file breaks off or is not built as its format asks;
// damaged metadata is no error. The format must come from Sniff and be a
// picture's.
func ReadHeader(r io.ReaderAt, size int64, format Format) (Header, error) {
	src := newSource(r, size)
	h := Header{Orientation: 1, Frames: 1}
	var err error
	switch format {
	case FormatJPEG:
		err = walkJPEG(src, &h)
	case FormatPNG:
		err = walkPNG(src, &h)
	case FormatGIF:
		err = walkGIF(src, &h)
	case FormatWebP:
		err = walkWebP(src, &h)
	case FormatAVIF, FormatHEIC:
		err = walkHEIF(src, &h)
	default:
		return Header{}, fault.Newf(fault.Invalid, "This file is not a picture.")
	}
	switch {
	case errors.Is(err, errShort):
		return Header{}, fault.Caused(fault.Invalid, breaksOff(size), err)
	case errors.Is(err, errBroken):
		return Header{}, fault.Caused(fault.Invalid, Damaged, err)
	case err != nil:
		return Header{}, err
	case h.Width <= 0 || h.Height <= 0:
		return Header{}, fault.New(fault.Invalid, Damaged)
	}
	h.readMetadata()
	return h, nil
}

func breaksOff(size int64) string {
	return "The file breaks off after " + Bytes(size) + ". Export it again, or upload it once more."
}

// grow keeps the larger of what is known and what a part of the file declares.
func (h *Header) grow(width, height int64) {
	const most = 1 << 31
	h.Width = max(h.Width, int(min(width, most)))
	h.Height = max(h.Height, int(min(height, most)))
}

// readMetadata fills orientation, credit and copyright. XMP goes first, because
// its text says its encoding, then IPTC, then EXIF.
func (h *Header) readMetadata() {
	e, i, x := parseEXIF(h.meta.exif), parseIPTC(h.meta.iptc), parseXMP(h.meta.xmp)
	if e.orientation != 0 {
		h.Orientation = e.orientation
	}
	h.Credit = firstText(x.credit, i.credit, e.artist, h.meta.artist)
	h.Copyright = firstText(x.copyrights, i.copyrights, e.copyrights, h.meta.copyrights)
	h.meta = metadata{}
}

func firstText(candidates ...string) string {
	for _, c := range candidates {
		if c = line(c); c != "" {
			return c
		}
	}
	return ""
}
