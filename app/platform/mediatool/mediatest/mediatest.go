// Package mediatest makes small media files, sound and hostile, for tests.
package mediatest

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Write puts b into a file of that name in a directory of its own.
func Write(t testing.TB, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Drawn is a picture with edges and colours, so that damage shows.
func Drawn(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, color.NRGBA{R: uint8(x * 255 / w), G: uint8(y * 255 / h), B: uint8((x ^ y) * 4), A: 255})
		}
	}
	return m
}

// JPEG is a drawn picture.
func JPEG(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, Drawn(w, h), &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// PNG encodes m.
func PNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// GIF makes an animation; delay is in hundredths of a second per frame.
func GIF(t testing.TB, w, h, frames, delay int) []byte {
	t.Helper()
	g := &gif.GIF{}
	palette := color.Palette{color.Black, color.White, color.RGBA{R: 200, A: 255}}
	for i := range frames {
		m := image.NewPaletted(image.Rect(0, 0, w, h), palette)
		for p := range m.Pix {
			m.Pix[p] = uint8((p/8 + i) % 3)
		}
		g.Image, g.Delay = append(g.Image, m), append(g.Delay, delay)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// ZIP is an archive of one file.
func ZIP(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("evil.txt")
	if err == nil {
		_, err = w.Write([]byte("hidden"))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// JPEGWith inserts a segment right after the start of a JPEG.
func JPEGWith(t testing.TB, marker byte, body []byte) []byte {
	t.Helper()
	b := JPEG(t, 64, 48)
	seg := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2))
	return bytes.Join([][]byte{b[:2], seg, body, b[2:]}, nil)
}

func pngChunkBytes(kind string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, kind...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// PNGOf builds a PNG of one bit per pixel with any declared size; the pixels are
// zeros, compressed while they are made.
func PNGOf(t testing.TB, w, h uint32, rows int) []byte {
	t.Helper()
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	var data bytes.Buffer
	z, err := zlib.NewWriterLevel(&data, zlib.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	row := make([]byte, 1+(w+7)/8)
	for range rows {
		if _, err := z.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return bytes.Join([][]byte{[]byte("\x89PNG\r\n\x1a\n"), pngChunkBytes("IHDR", append(head, 1, 0, 0, 0, 0)),
		pngChunkBytes("IDAT", data.Bytes()), pngChunkBytes("IEND", nil)}, nil)
}

// EXIF is an EXIF block with orientation, artist and copyright.
func EXIF(orientation uint16, artist, notice string) []byte {
	le := binary.LittleEndian
	b := le.AppendUint16(append([]byte("II*\x00"), 8, 0, 0, 0), 3)
	entry := func(tag, kind uint16, n, value uint32) {
		b = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(b, tag), kind), n), value)
	}
	at := uint32(8 + 2 + 3*12 + 4)
	entry(0x0112, 3, 1, uint32(orientation))
	entry(0x013b, 2, uint32(len(artist)+1), at)
	entry(0x8298, 2, uint32(len(notice)+1), at+uint32(len(artist)+1))
	b = le.AppendUint32(b, 0)
	return append(append(append(append(b, artist...), 0), notice...), 0)
}

// Film makes a short film with ffmpeg itself; args go before the output.
func Film(t testing.TB, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	out, err := exec.Command("ffmpeg", append(append([]string{"-nostdin", "-v", "error", "-y"}, args...), path)...).CombinedOutput()
	if err != nil {
		t.Fatalf("ffmpeg: %v: %s", err, out)
	}
	return path
}
