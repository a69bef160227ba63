package mediatool

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"vitrine/app/fault"
	"vitrine/app/platform/mediatool/mediafile"
)

// widths are those of renditions, in pixels; each is 1.33 to 1.5 times the last.
var widths = []int{320, 480, 640, 960, 1280, 1920, 2560}

// Ladder lists the widths of the renditions of a picture of width × height
// (upright), ascending: those that the picture reaches, and its own width when
// it lies below the largest and a good step above the last. Never upscaled,
// never empty for a picture of at least one pixel.
func Ladder(width, height int) []int {
	if width <= 0 || height <= 0 {
		return nil
	}
	var list []int
	for _, w := range widths {
		if w <= width {
			list = append(list, w)
		}
	}
	if len(list) == 0 {
		return []int{width}
	}
	if last := list[len(list)-1]; width < widths[len(widths)-1] && width*10 >= last*12 {
		list = append(list, width)
	}
	return list
}

// Thumbnail writes one rendition of the picture src to dst: upright, in sRGB,
// without any metadata, never larger than the source; JPEG is progressive and
// has transparency laid on white. The rendition is checked before it is put in
// place; on error dst is as it was. src must have passed Inspect. Errors:
// fault.Invalid when src is damaged or the Spec is nonsense, else
// fault.Unavailable.
func (t *Tools) Thumbnail(ctx context.Context, src, dst string, spec Spec) (result Result, err error) {
	defer fault.Wrap(&err, "mediatool.Thumbnail(%s, %s %d)", src, spec.Format, spec.Width)
	options, err := saverOptions(spec)
	if err != nil {
		return Result{}, err
	}
	height := 10_000_000 // width alone decides
	if spec.Format == FormatAVIF {
		spec.Width, height = min(spec.Width, AVIFMaxSide), AVIFMaxSide
	}
	err = t.job(func(dir string) error {
		if err := link(dir, src); err != nil {
			return err
		}
		out := "out" + spec.Format.Extension()
		_, err := t.vips(ctx, t.cfg.Commands.Vips, dir, "thumbnail", inputName, out+options,
			strconv.Itoa(spec.Width), "--height", strconv.Itoa(height), "--size", "down",
			"--export-profile", "srgb", "--fail-on", "truncated")
		if err != nil {
			return imageFault(err)
		}
		made := filepath.Join(dir, out)
		if spec.Format == FormatWebP {
			if err := stripWebP(made); err != nil {
				return err
			}
		}
		if result, err = checkRendition(made, spec.Format, spec.Width); err != nil {
			return err
		}
		result.Path = dst
		return place(made, dst)
	})
	if err != nil {
		return Result{}, err
	}
	return result, nil
}

func saverOptions(spec Spec) (string, error) {
	if spec.Width < 1 || spec.Quality < 0 || spec.Quality > 100 {
		return "", fault.Newf(fault.Invalid, "A rendition cannot be %d pixels wide at quality %d.", spec.Width, spec.Quality)
	}
	switch spec.Format {
	case FormatWebP:
		return fmt.Sprintf("[Q=%d,strip]", cmp.Or(spec.Quality, 80)), nil
	case FormatJPEG:
		return fmt.Sprintf("[Q=%d,strip,interlace,optimize_coding,background=255]", cmp.Or(spec.Quality, 82)), nil
	case FormatAVIF:
		// speed 8: a third of the default's time for a few per cent of size.
		return fmt.Sprintf("[Q=%d,strip,compression=av1,speed=8]", cmp.Or(spec.Quality, 55)), nil
	}
	return "", fault.Newf(fault.Invalid, "Renditions are WebP, JPEG or AVIF, not %q.", spec.Format)
}

// stripWebP removes the metadata of a WebP of our own making in place. libvips
// 8.14.1, which Debian 12 ships, ignores the WebP saver's strip option, so that
// without this the position where a photo was taken would be served.
func stripWebP(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return unreadable(err)
	}
	clean, ok := mediafile.StripWebP(b)
	if !ok {
		return fault.New(fault.Unavailable, "The result of processing is not sound. Try again later.")
	}
	if err := os.WriteFile(path, clean, 0o600); err != nil {
		return unplaced(err)
	}
	return nil
}

// checkRendition reads a made picture back with our own parser: it must be of
// the format, whole, not wider than asked and without metadata.
func checkRendition(path string, want Format, widest int) (Result, error) {
	f, err := os.Open(path)
	if err != nil {
		return Result{}, unreadable(err)
	}
	defer func() { _ = f.Close() }()
	stat, err := f.Stat()
	if err != nil {
		return Result{}, unreadable(err)
	}
	format, err := mediafile.Sniff(f, stat.Size(), "")
	if err == nil && format != want {
		err = fmt.Errorf("made %s instead of %s", format, want)
	}
	var h mediafile.Header
	if err == nil {
		h, err = mediafile.ReadHeader(f, stat.Size(), want)
	}
	if err == nil && h.Width > widest {
		err = fmt.Errorf("made %d pixels of width instead of %d", h.Width, widest)
	}
	if err == nil && h.Traces {
		err = errors.New("made a picture that still carries metadata")
	}
	if err != nil {
		return Result{}, fault.Caused(fault.Unavailable, "The result of processing is not sound. Try again later.", err)
	}
	digest, n, err := SumFile(path)
	if err != nil {
		return Result{}, unreadable(err)
	}
	return Result{Format: want, Width: h.Width, Height: h.Height, Bytes: n, SHA256: digest}, nil
}

// DominantColour is the colour that a placeholder of the picture takes: the mean
// of the most frequent group of similar colours, transparency laid on white.
// Errors as Thumbnail.
func (t *Tools) DominantColour(ctx context.Context, src string) (c Colour, err error) {
	defer fault.Wrap(&err, "mediatool.DominantColour(%s)", src)
	err = t.job(func(dir string) error {
		if err := link(dir, src); err != nil {
			return err
		}
		_, err := t.vips(ctx, t.cfg.Commands.Vips, dir, "thumbnail", inputName, "tiny.png[strip,background=255,bitdepth=8]",
			"48", "--height", "48", "--size", "force", "--export-profile", "srgb")
		if err != nil {
			return imageFault(err)
		}
		c, err = dominant(filepath.Join(dir, "tiny.png"))
		return err
	})
	return c, err
}

// dominant groups the pixels of a small PNG of our own making by the upper three
// bits of each channel.
func dominant(path string) (Colour, error) {
	f, err := os.Open(path)
	if err != nil {
		return Colour{}, unreadable(err)
	}
	defer func() { _ = f.Close() }()
	picture, err := png.Decode(f)
	if err != nil {
		return Colour{}, fault.Caused(fault.Unavailable, "The result of processing is not sound. Try again later.", err)
	}
	type group struct{ r, g, b, n uint64 }
	groups := make([]group, 512)
	bounds := picture.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			r, g, b, a := picture.At(x, y).RGBA()
			white := 0xffff - a // colours are premultiplied
			r, g, b = (r+white)>>8, (g+white)>>8, (b+white)>>8
			k := &groups[r>>5<<6|g>>5<<3|b>>5]
			k.r, k.g, k.b, k.n = k.r+uint64(r), k.g+uint64(g), k.b+uint64(b), k.n+1
		}
	}
	k := slices.MaxFunc(groups, func(a, b group) int { return cmp.Compare(a.n, b.n) })
	n := max(1, k.n)
	return Colour{R: uint8(k.r / n), G: uint8(k.g / n), B: uint8(k.b / n)}, nil
}

// Hex is the colour as CSS writes it: "#a1b2c3".
func (c Colour) Hex() string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
