package mediatool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/mediatool/mediafile"
)

// maxAnimation is the longest GIF that is treated as a film, maxFrames the most
// frames of one: 50 per second over that time.
const (
	maxAnimation = time.Minute
	maxFrames    = 3000
)

// maxAVIFPixels is what libheif 1.15 lets dav1d decode as one frame; larger AVIF
// pictures have to be tiled.
const maxAVIFPixels = 8192 * 4352

// Inspect decides whether the file at path is accepted, decoding all of a picture
// and reading all packets of a film. The name is the uploader's and serves
// messages alone. It changes nothing. Errors: fault.Invalid with the reason when
// the file is refused, fault.Unavailable when it could not be decided.
func (t *Tools) Inspect(ctx context.Context, path, name string) (info Info, err error) {
	defer fault.Wrap(&err, "mediatool.Inspect(%s)", path)
	f, err := os.Open(path)
	if err != nil {
		return Info{}, unreadable(err)
	}
	defer func() { _ = f.Close() }()
	stat, err := f.Stat()
	if err != nil {
		return Info{}, unreadable(err)
	}
	if !stat.Mode().IsRegular() {
		return Info{}, fault.New(fault.Invalid, "This is not a file.")
	}
	format, err := mediafile.Sniff(f, stat.Size(), name)
	if err != nil {
		return Info{}, err
	}
	if err := t.checkBytes(format.Kind(), stat.Size()); err != nil {
		return Info{}, err
	}
	if format.Kind() == KindVideo {
		return t.inspectVideo(ctx, f, stat.Size(), path, name, format)
	}
	return t.inspectImage(ctx, f, stat.Size(), path, name, format)
}

func (t *Tools) checkBytes(kind Kind, n int64) error {
	what, limit := "picture", t.cfg.MaxImageBytes
	if kind == KindVideo {
		what, limit = "film", t.cfg.MaxVideoBytes
	}
	if n > limit {
		return fault.Newf(fault.Invalid, "This %s has %s; the limit is %s. Export it smaller and upload that.",
			what, mediafile.Bytes(n), mediafile.Bytes(limit))
	}
	return nil
}

func (t *Tools) inspectImage(ctx context.Context, file io.ReaderAt, size int64, path, name string, format Format) (Info, error) {
	h, err := mediafile.ReadHeader(file, size, format)
	if err != nil {
		return Info{}, err
	}
	if err := t.checkPixels(h, format); err != nil {
		return Info{}, err
	}
	if err := mediafile.CheckAppended(file, size, format, h.End, name); err != nil {
		return Info{}, err
	}
	info := Info{Kind: KindImage, Format: format, Bytes: size, Credit: h.Credit, Copyright: h.Copyright}
	err = t.job(func(dir string) error {
		if err := link(dir, path); err != nil {
			return err
		}
		return t.decode(ctx, dir, h, format, &info)
	})
	if err != nil {
		return Info{}, err
	}
	if format == FormatGIF && h.Frames > 1 && h.Frames <= maxFrames && h.DurationMS <= maxAnimation.Milliseconds() {
		return t.asFilm(ctx, path, info)
	}
	return info, nil
}

// asFilm describes an animated GIF as a film. When ffmpeg cannot read it, it
// stays what libvips has already accepted: a picture of its first frame.
func (t *Tools) asFilm(ctx context.Context, path string, picture Info) (Info, error) {
	film, err := t.probe(ctx, path, FormatGIF)
	if fault.Is(err, fault.Unavailable) {
		return Info{}, err
	}
	if err != nil {
		return picture, nil //nolint:nilerr // no film then, and a picture all the same
	}
	film.Animated, film.Bytes = true, picture.Bytes
	film.Credit, film.Copyright = picture.Credit, picture.Copyright
	return film, nil
}

func (t *Tools) checkPixels(h mediafile.Header, format Format) error {
	pixels := int64(h.Width) * int64(h.Height)
	dimensions := mediafile.Count(int64(h.Width)) + " × " + mediafile.Count(int64(h.Height)) + " pixels"
	switch {
	case h.Width > t.cfg.MaxSide || h.Height > t.cfg.MaxSide:
		return fault.Newf(fault.Invalid, "This picture has %s; a side may have %s at most. Export it smaller and upload that.",
			dimensions, mediafile.Count(int64(t.cfg.MaxSide)))
	case pixels > t.cfg.MaxPixels:
		return fault.Newf(fault.Invalid, "This picture has %s; the limit is %s megapixels. Export it smaller and upload that.",
			dimensions, mediafile.Count(t.cfg.MaxPixels/megabyte))
	case format == FormatAVIF && !h.Tiled && pixels > maxAVIFPixels:
		return fault.Newf(fault.Invalid, "This AVIF picture has %s; the limit for AVIF is %d megapixels. Export it as JPEG or PNG and upload that.",
			dimensions, maxAVIFPixels/megabyte)
	}
	return nil
}

// decode has libvips read the header, whose word on size and orientation counts
// because the renditions will follow it, and then every pixel.
func (t *Tools) decode(ctx context.Context, dir string, h mediafile.Header, format Format, info *Info) error {
	line, err := t.vips(ctx, t.cfg.Commands.VipsHeader, dir, inputName)
	if err != nil {
		return imageFault(err)
	}
	// "in: 1800x1200 uchar, 3 bands, srgb, jpegload"
	var width, height int
	if _, err := fmt.Sscanf(strings.TrimPrefix(line, inputName+": "), "%dx%d", &width, &height); err != nil {
		return fault.Caused(fault.Invalid, mediafile.Damaged, fmt.Errorf("vipsheader said %q: %w", line, err))
	}
	if !strings.HasSuffix(strings.TrimSpace(line), loaders[format]) ||
		max(width, height) > max(h.Width, h.Height) || min(width, height) > min(h.Width, h.Height) {
		return fault.Caused(fault.Invalid, mediafile.Damaged, fmt.Errorf("vipsheader said %q, our own reading is %d × %d", line, h.Width, h.Height))
	}
	info.Orientation = t.orientation(ctx, dir, format)
	info.Width, info.Height = width, height
	if info.Orientation >= 5 {
		info.Width, info.Height = height, width
	}
	if _, err := t.vips(ctx, t.cfg.Commands.Vips, dir, "avg", inputName+"[fail_on=truncated]"); err != nil {
		return imageFault(err)
	}
	return nil
}

var loaders = map[Format]string{FormatJPEG: "jpegload", FormatPNG: "pngload", FormatWebP: "webpload",
	FormatGIF: "gifload", FormatAVIF: "heifload", FormatHEIC: "heifload"}

// orientation is libvips' view: where its EXIF parser gives up, it does not
// rotate, and what we say must be what it does.
func (t *Tools) orientation(ctx context.Context, dir string, format Format) int {
	if format == FormatHEIC || format == FormatAVIF {
		return 1
	}
	out, err := t.vips(ctx, t.cfg.Commands.VipsHeader, dir, "-f", "orientation", inputName)
	n, notNumber := strconv.Atoi(strings.TrimSpace(out))
	if err != nil || notNumber != nil || n < 1 || n > 8 {
		return 1 // the file names none
	}
	return n
}

// vips runs one of libvips' programs with a picture's limits.
func (t *Tools) vips(ctx context.Context, program, dir string, args ...string) (string, error) {
	return t.run(ctx, command{program: program, args: args, dir: dir,
		timeout: t.cfg.ImageTimeout, memory: t.cfg.ImageMemoryBytes, computing: t.cfg.ImageCPUTime})
}

// imageFault turns a failed libvips program into what to tell the uploader.
func imageFault(err error) error {
	return toolFault(err, "picture", mediafile.Damaged)
}

// toolFault blames the file for what it made the tool do, and the machine for
// the rest.
func toolFault(err error, what, broken string) error {
	var e *exitError
	if !errors.As(err, &e) {
		return err
	}
	switch {
	case e.code == 126 || e.code == 127:
		return fault.Caused(fault.Unavailable, "Media cannot be processed right now: a program is missing. Try again later.", err)
	case e.timedOut:
		return fault.Caused(fault.Unavailable, "The "+what+" took too long to read. Try again later, or export it smaller.", err)
	case e.signal == syscall.SIGXCPU:
		return fault.Caused(fault.Invalid, "The "+what+" takes too much computing to read. Export it smaller and upload that.", err)
	case e.signal == syscall.SIGXFSZ:
		return fault.Caused(fault.Invalid, "The "+what+" becomes too large when it is processed. Export it smaller and upload that.", err)
	case e.signal == syscall.SIGKILL, e.signal == syscall.SIGTERM, e.signal == syscall.SIGINT:
		return fault.Caused(fault.Unavailable, "Processing was stopped before it was done. It will be tried again.", err)
	// SIGBUS is a page of a mapped file that the disk has no room for: libvips maps what it compiles.
	case e.signal == syscall.SIGBUS, strings.Contains(e.stderr, "No space left on device"):
		return fault.Caused(fault.Unavailable, "There is no room to process media right now. Try again later.", fmt.Errorf("%w: %w", syscall.ENOSPC, err))
	case isOutOfMemory(e):
		return fault.Caused(fault.Invalid, "The "+what+" needs too much memory to read. Export it smaller and upload that.", err)
	}
	return fault.Caused(fault.Invalid, broken, err)
}

func isOutOfMemory(e *exitError) bool {
	for _, sign := range []string{"out of memory", "memory exhausted", "Cannot allocate memory", "bad_alloc", "failed to allocate", "MemoryError"} {
		if strings.Contains(e.stderr, sign) {
			return true
		}
	}
	return false
}
