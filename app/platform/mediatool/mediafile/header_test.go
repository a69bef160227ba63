package mediafile

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"vitrine/app/platform/mediatool/mediatest"
)

func TestSniff(t *testing.T) {
	t.Parallel()
	ftyp := func(brands ...string) []byte {
		b := append(binary.BigEndian.AppendUint32(nil, uint32(12+4*len(brands))), "ftyp"+brands[0]+"\x00\x00\x00\x00"...)
		return append(b, strings.Join(brands[1:], "")...)
	}
	for want, heads := range map[Format][][]byte{
		FormatJPEG: {mediatest.JPEG(t, 8, 8)},
		FormatPNG:  {mediatest.PNG(t, mediatest.Drawn(2, 2))},
		FormatGIF:  {mediatest.GIF(t, 2, 2, 1, 0), []byte("GIF87a\x01\x00")},
		FormatWebP: {[]byte("RIFF\x00\x00\x00\x00WEBPVP8 ")},
		FormatAVIF: {ftyp("avif", "mif1"), ftyp("mif1", "miaf", "avif"), ftyp("avis")},
		FormatHEIC: {ftyp("heic", "mif1"), ftyp("mif1", "heic"), ftyp("heix")},
		FormatMP4:  {ftyp("isom", "iso2", "avc1"), ftyp("mp42"), ftyp("3gp4"), ftyp("odd ", "mp42")},
		FormatMOV:  {ftyp("qt  "), append([]byte("\x00\x00\x00\x08wide"), make([]byte, 20)...)},
		FormatWebM: {[]byte("\x1aE\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm\x42\x87")},
	} {
		for _, head := range heads {
			got, err := Sniff(bytes.NewReader(head), int64(len(head)), "liar.exe")
			if err != nil || got != want {
				t.Errorf("%q is %q, %v; want %s", head[:min(len(head), 20)], got, err, want)
			}
		}
	}
}

func TestReadHeader_credits(t *testing.T) {
	t.Parallel()
	xmp := `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><rdf:Seq><rdf:li>Ada Çelik</rdf:li><rdf:li>Bo</rdf:li></rdf:Seq></dc:creator>` +
		`<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Ada</rdf:li><rdf:li xml:lang="de">© Ada (de)</rdf:li></rdf:Alt></dc:rights></rdf:Description></rdf:RDF></x:xmpmeta>`
	record := func(dataset byte, s string) string {
		return "\x1c\x02" + string(dataset) + string(binary.BigEndian.AppendUint16(nil, uint16(len(s)))) + s
	}
	records := record(80, "Eve\xe9") + record(116, "Eve Ltd")
	iptc := "Photoshop 3.0\x008BIM\x04\x04\x00\x00" + string(binary.BigEndian.AppendUint32(nil, uint32(len(records)))) + records
	exif := func(artist, notice string) []byte {
		return append([]byte("Exif\x00\x00"), mediatest.EXIF(8, artist, notice)...)
	}
	for _, c := range []struct {
		title             string
		content           []byte
		credit, copyright string
	}{
		{"exif", mediatest.JPEGWith(t, 0xe1, exif("Ada  Lovelace\n", "(c) Ada\x00Ed")), "Ada Lovelace", "(c) Ada; Ed"},
		{"hostile exif", mediatest.JPEGWith(t, 0xe1, exif("a\u202eb\x07\x1b[31m<b>", strings.Repeat("é", 300))), "ab[31m<b>", strings.Repeat("é", 199) + "…"},
		{"iptc in latin-1", mediatest.JPEGWith(t, 0xed, []byte(iptc)), "Eveé", "Eve Ltd"},
		{"xmp", mediatest.JPEGWith(t, 0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00"+xmp)), "Ada Çelik, Bo", "© Ada"},
		{"none", mediatest.JPEG(t, 8, 8), "", ""},
	} {
		h, err := ReadHeader(bytes.NewReader(c.content), int64(len(c.content)), FormatJPEG)
		if err != nil || h.Credit != c.credit || h.Copyright != c.copyright {
			t.Errorf("%s: got %q and %q, %v", c.title, h.Credit, h.Copyright, err)
		}
		if want := c.title != "none"; h.Traces != want {
			t.Errorf("%s: traces are %t", c.title, h.Traces)
		}
	}
}

func TestReadHeader_agreesWithLibvips(t *testing.T) {
	t.Parallel()
	source := mediatest.Write(t, "a.png", mediatest.PNG(t, mediatest.Drawn(123, 77)))
	for out, format := range map[string]Format{"a.webp": FormatWebP, "b.webp[lossless]": FormatWebP, "a.avif": FormatAVIF, "a.jpg[interlace]": FormatJPEG, "a.gif": FormatGIF} {
		dst := filepath.Join(t.TempDir(), out)
		if b, err := exec.Command("vips", "copy", source, dst).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, b)
		}
		path, _, _ := strings.Cut(dst, "[")
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		h, err := ReadHeader(bytes.NewReader(b), int64(len(b)), format)
		if err != nil || h.Width != 123 || h.Height != 77 || h.End != int64(len(b)) {
			t.Errorf("%s: got %+v, %v for %d bytes", out, h, err, len(b))
		}
	}
}

// TestReadHeader_timeGrowsWithSizeAlone feeds files made of the smallest possible
// structures; a walker that reads afresh for each would take minutes.
func TestReadHeader_timeGrowsWithSizeAlone(t *testing.T) {
	t.Parallel()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const n = 8 << 20
	gifHead := []byte("GIF89a\x08\x00\x08\x00\x00\x00\x00")
	for format, b := range map[Format][]byte{
		FormatJPEG: append([]byte("\xff\xd8"), bytes.Repeat([]byte("\xff\x01"), n/2)...),
		FormatGIF:  append(gifHead, bytes.Repeat([]byte("\x21\x01\x01a\x00"), n/5)...),
		FormatPNG:  append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"), bytes.Repeat([]byte("\x00\x00\x00\x01"), n/4)...),
		FormatHEIC: bytes.Repeat([]byte("\x00\x00\x00\x08free"), n/8),
	} {
		start := computed(t)
		if _, err := ReadHeader(bytes.NewReader(b), int64(len(b)), format); err == nil {
			t.Errorf("%s: rubbish is accepted", format)
		}
		if took := computed(t) - start; took > 20*time.Second {
			t.Errorf("%s took %v", format, took)
		}
	}
}

// computed is how long this thread has computed, whoever else uses the machine.
func computed(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_THREAD, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// FuzzReadHeader: whatever the bytes, the walkers end, stay inside the file and
// say nothing impossible.
func FuzzReadHeader(f *testing.F) {
	photo := mediatest.JPEG(f, 16, 16)
	f.Add(photo)
	f.Add(photo[:len(photo)/2])
	f.Add(mediatest.JPEGWith(f, 0xe1, append([]byte("Exif\x00\x00"), mediatest.EXIF(3, "Ada", "(c)")...)))
	f.Add(mediatest.PNG(f, mediatest.Drawn(9, 5)))
	f.Add(mediatest.GIF(f, 7, 5, 3, 4))
	f.Add([]byte("RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x10\x00\x00\x00\x09\x00\x00\x09\x00\x00"))
	f.Add([]byte("\x00\x00\x00\x14ftypheic\x00\x00\x00\x00heic\x00\x00\x00\x38meta\x00\x00\x00\x00\x00\x00\x00\x2ciprp\x00\x00\x00\x24ipco" +
		"\x00\x00\x00\x14ispe\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x00\x08irot"))
	f.Add([]byte("\x00\x00\x00\x10ftypavif\x00\x00\x00\x00\x00\x00\x00\x01meta\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, n := bytes.NewReader(b), int64(len(b))
		_, _ = Sniff(r, n, "f")
		for _, format := range []Format{FormatJPEG, FormatPNG, FormatGIF, FormatWebP, FormatHEIC} {
			h, err := ReadHeader(r, n, format)
			if err != nil {
				continue
			}
			if h.Width <= 0 || h.Height <= 0 || h.End < 0 || h.End > n || h.Orientation < 1 || h.Orientation > 8 {
				t.Errorf("%s: %+v of %d bytes", format, h, n)
			}
			if _, err := foreign(newSource(r, n), format, h.End); err != nil {
				t.Error(err)
			}
		}
		_, _ = FilmEnd(r, n, FormatMP4)
		_, _ = StripWebP(b)
		_ = HasFastStart(r, n)
	})
}

func FuzzMetadata(f *testing.F) {
	f.Add(mediatest.EXIF(6, "Ada", "(c) Ada"))
	f.Add([]byte("MM\x00*\x00\x00\x00\x08\xff\xff"))
	f.Add([]byte("8BIM\x04\x04\x00\x00\x00\x00\x00\x09\x1c\x02\x50\x00\x04Ada!"))
	f.Add([]byte(`<a xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>x`))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, i, x := parseEXIF(b), parseIPTC(b), parseXMP(b)
		_ = parseRecords(b)
		_ = heifExtents(b)
		for _, s := range []string{e.artist, e.copyrights, i.credit, i.copyrights, x.credit, x.copyrights} {
			if s = line(s); len([]rune(s)) > maxText || strings.ContainsAny(s, "\n\r\x00\u202e") {
				t.Errorf("%q is no line", s)
			}
		}
	})
}
