package mediatool

import (
	"bytes"
	"fmt"
	"image"
	"net"
	"os"
	"strings"
	"testing"

	"vitrine/app/fault"
	"vitrine/app/platform/mediatool/mediatest"
)

func TestInspect_refusesWhatIsNoPicture(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{})
	svg := `<?xml version="1.0"?><!-- a drawing --><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`
	for _, c := range []struct {
		title, name string
		content     []byte
		says        string
	}{
		{"empty", "photo.jpg", nil, "photo.jpg is empty. Check that it opens"},
		{"svg", "logo.svg", []byte(svg), "logo.svg is an SVG drawing. SVG files can carry scripts"},
		{"svg as png", "logo.png", []byte(svg), "logo.png is an SVG drawing. SVG files can carry scripts"},
		{"svg in utf-16", "logo.png", utf16Bytes(svg), "SVG files can carry scripts"},
		{"elf", "photo.jpg", []byte("\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 100)), "photo.jpg is not a picture: it is a program."},
		{"windows program", "film.mp4", []byte("MZ\x90\x00\x03" + strings.Repeat("\x00", 100)), "film.mp4 is not a film: it is a program."},
		{"mach-o", "x", []byte("\xcf\xfa\xed\xfe\x07\x00\x00\x01\x00\x00"), "x is a program."},
		{"shell script", "photo.jpg", []byte("#!/bin/sh\nrm -rf /\n"), "photo.jpg is not a picture: it is a script."},
		{"php", "photo.gif", []byte("<?php system('id');"), "it is a script."},
		{"zip", "photos.zip", mediatest.ZIP(t), "photos.zip is an archive. Unpack it"},
		{"gzip", "photo.png", []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00"), "it is an archive"},
		{"html", "photo.jpg", []byte("\n <!DOCTYPE html><html><body>Not found"), "it is a web page"},
		{"pdf", "photo.jpg", []byte("%PDF-1.7\n%\xe2\xe3"), "it is a PDF document"},
		{"pdf behind rubbish, a jpeg inside", "photo.jpg", append([]byte("\x00\x01%PDF-1.4\n"), mediatest.JPEG(t, 8, 8)...), "it is a PDF document"},
		{"m3u8", "film.mp4", []byte("#EXTM3U\nhttp://127.0.0.1/x.ts\n"), "film.mp4 is not a film: it is a playlist"},
		{"ffconcat", "film.mp4", []byte("ffconcat version 1.0\nfile http://127.0.0.1/x\n"), "it is a playlist"},
		{"mpd", "film.mp4", []byte(`<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>`), "it is a playlist"},
		{"mp3", "song.mp4", []byte("ID3\x04\x00\x00\x00\x00\x00\x00\x00"), "it is a sound recording"},
		{"m4a", "song.m4a", []byte("\x00\x00\x00\x18ftypM4A \x00\x00\x02\x00M4A isom"), "song.m4a is a sound recording"},
		{"tiff", "scan.tif", []byte("II*\x00\x08\x00\x00\x00\x00\x00"), "scan.tif is a TIFF picture. Export it as JPEG or PNG"},
		{"raw", "IMG_1.CR2", []byte("II*\x00\x10\x00\x00\x00CR\x02\x00"), "IMG_1.CR2 is a RAW camera file."},
		{"psd", "a.psd", []byte("8BPS\x00\x01\x00\x00"), "a.psd is a Photoshop document."},
		{"mkv", "film.mkv", []byte("\x1aE\xdf\xa3\x93\x42\x82\x88matroska"), "film.mkv is a Matroska film. Export it as MP4"},
		{"text", "photo.jpg", []byte("Schöne Grüße\n"), "photo.jpg is not a picture: it is a text file."},
		{"noise", "photo.jpg", []byte{1, 9, 200, 7, 3, 0, 254, 1}, "photo.jpg is of an unknown kind."},
		{"a name that bends the sentence", "../a\u202egpj.exe\n<b>.jpg", []byte("MZ\x90\x00"), "agpj.exe <b>.jpg is not a picture"},
		{"no name", "", []byte("MZ\x90\x00"), "This file is a program."},
	} {
		t.Run(c.title, func(t *testing.T) {
			t.Parallel()
			refused(t, tools, mediatest.Write(t, "upload", c.content), c.name, c.says)
		})
	}
}

func refused(t *testing.T, tools *Tools, path, name, says string) {
	t.Helper()
	_, err := tools.Inspect(t.Context(), path, name)
	message := fault.MessageOf(err)
	if !fault.Is(err, fault.Invalid) || !strings.Contains(message, says) {
		t.Errorf("got %v, saying %q; want it to say %q", err, message, says)
	}
	if !strings.HasSuffix(message, ".") || strings.Contains(message, tools.cfg.TempDir) {
		t.Errorf("%q is not a sentence for people", message)
	}
}

func utf16Bytes(s string) []byte {
	b := []byte("\xff\xfe")
	for _, c := range []byte(s) {
		b = append(b, c, 0)
	}
	return b
}

func TestInspect_refusesHostilePictures(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{})
	photo, plain := mediatest.JPEG(t, 640, 480), mediatest.PNG(t, mediatest.Drawn(300, 200))
	bitten := bytes.Clone(plain)
	bitten[len(bitten)/2] ^= 0xff
	script := mediatest.GIF(t, 8, 8, 1, 0)
	copy(script[6:], "/*")
	for _, c := range []struct {
		title   string
		content []byte
		says    string
	}{
		{"bomb of 10 gigapixels in 100 bytes", mediatest.PNGOf(t, 100_000, 100_000, 1), "100,000 × 100,000 pixels; a side may have 30,000"},
		{"real PNG of 40,000 × 40,000", mediatest.PNGOf(t, 40_000, 40_000, 40_000), "40,000 × 40,000 pixels"},
		{"sides allowed, area not", mediatest.PNGOf(t, 20_000, 20_000, 1), "20,000 × 20,000 pixels; the limit is 120 megapixels"},
		{"zero pixels", mediatest.PNGOf(t, 0, 10, 1), "damaged"},
		{"fewer rows than declared", mediatest.PNGOf(t, 3000, 3000, 10), "damaged"},
		{"zip behind a JPEG", append(bytes.Clone(photo), mediatest.ZIP(t)...), "a picture that also contains an archive"},
		{"zip in a JPEG's comment", mediatest.JPEGWith(t, 0xfe, mediatest.ZIP(t)), "also contains an archive"},
		{"rar behind a PNG", append(bytes.Clone(plain), "Rar!\x1a\x07\x01\x00"...), "also contains an archive"},
		{"GIF that is a script", append(script, "*/=1;alert(1)"...), "also contains a script"},
		{"JPEG that is a script", mediatest.JPEGWith(t, 0xe0, append([]byte("*/=alert(1)/*"), make([]byte, 0x2f2a-15)...)), "also contains a script"},
		{"PDF in a JPEG", mediatest.JPEGWith(t, 0xfe, []byte("%PDF-1.4 1 0 obj")), "also contains a PDF"},
		{"page behind a JPEG", append(bytes.Clone(photo), "\n<html><body>"...), "also contains a web page"},
		{"script in a comment", mediatest.JPEGWith(t, 0xfe, []byte("<ScRipt>alert(1)</script>")), "also contains a script"},
		{"php in EXIF", mediatest.JPEGWith(t, 0xe1, append([]byte("Exif\x00\x00"), mediatest.EXIF(1, "<?php x();?>", "")...)), "also contains a script"},
		{"program behind a JPEG", append(bytes.Clone(photo), "\x7fELF\x02\x01\x01\x00"...), "also contains a program"},
		{"JPEG that breaks off", photo[:len(photo)/2], "The file breaks off after"},
		{"PNG that breaks off", plain[:len(plain)/2], "The file breaks off after"},
		{"GIF that breaks off", mediatest.GIF(t, 64, 64, 1, 0)[:60], "The file breaks off after 60 bytes."},
		{"start of a JPEG alone", photo[:3], "The file breaks off after 3 bytes."},
		{"PNG with a bit flipped", bitten, "damaged"},
		{"WebP that is none", []byte("RIFF\x10\x00\x00\x00WEBPjunk\x04\x00\x00\x00abcd"), "damaged"},
		{"HEIC that is none", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1"), "damaged"},
	} {
		t.Run(c.title, func(t *testing.T) {
			t.Parallel()
			refused(t, tools, mediatest.Write(t, "upload", c.content), "photo.jpg", c.says)
		})
	}
}

func TestInspect_refusesTooManyBytes(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{MaxImageBytes: 1000})
	refused(t, tools, mediatest.Write(t, "a.jpg", mediatest.JPEG(t, 300, 300)), "a.jpg", "the limit is 1 KB")
}

func TestInspect_acceptsOddButSoundPictures(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{})
	photo := mediatest.JPEG(t, 64, 48)
	deep := image.NewNRGBA64(image.Rect(0, 0, 50, 40))
	for _, c := range []struct {
		title   string
		content []byte
		w, h    int
	}{
		{"one pixel", mediatest.PNG(t, mediatest.Drawn(1, 1)), 1, 1},
		{"16 bits and alpha", mediatest.PNG(t, deep), 50, 40},
		{"one bit", mediatest.PNGOf(t, 33, 17, 17), 33, 17},
		{"another JPEG behind, as phones do", append(bytes.Clone(photo), mediatest.JPEG(t, 16, 16)...), 64, 48},
		{"zeros behind", append(bytes.Clone(photo), make([]byte, 4096)...), 64, 48},
		{"EXIF of rubbish", mediatest.JPEGWith(t, 0xe1, []byte("Exif\x00\x00II*\x00\xff\xff\xff\xff")), 64, 48},
		{"rotated by EXIF", mediatest.JPEGWith(t, 0xe1, append([]byte("Exif\x00\x00"), mediatest.EXIF(6, "Ada", "(c) Ada")...)), 48, 64},
		{"GIF of one frame", mediatest.GIF(t, 20, 10, 1, 0), 20, 10},
		{"GIF that plays for two minutes", mediatest.GIF(t, 20, 10, 4, 3000), 20, 10},
	} {
		t.Run(c.title, func(t *testing.T) {
			t.Parallel()
			path := mediatest.Write(t, "upload", c.content)
			info, err := tools.Inspect(t.Context(), path, "photo.jpg")
			if err != nil || info.Kind != KindImage || info.Width != c.w || info.Height != c.h {
				t.Fatalf("got %+v, %v: %s", info, err, fault.MessageOf(err))
			}
			for _, f := range []Format{FormatWebP, FormatJPEG, FormatAVIF} {
				r, err := tools.Thumbnail(t.Context(), path, t.TempDir()+"/r", Spec{Format: f, Width: 320})
				if err != nil || r.Width != c.w || r.Height != c.h {
					t.Errorf("as %s: %+v, %v", f, r, err)
				}
			}
		})
	}
}

// TestPlaylists_openNoConnection feeds playlists to the tools past Sniff, as
// every format of a film, and waits at the address that they name.
func TestPlaylists_openNoConnection(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	accepted := make(chan struct{})
	go func() {
		if c, err := listener.Accept(); err == nil {
			_ = c.Close()
			close(accepted)
		}
	}()
	url := fmt.Sprintf("http://%s/x.ts", listener.Addr())
	secret := mediatest.Write(t, "secret.mp4", []byte("not for strangers"))
	for _, content := range []string{
		"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n" + url + "\n#EXT-X-ENDLIST\n",
		"ffconcat version 1.0\nfile '" + url + "'\nfile '" + secret + "'\n",
		`<?xml version="1.0"?><MPD type="static" mediaPresentationDuration="PT10S"><Period><AdaptationSet mimeType="video/mp4">` +
			`<Representation id="1"><BaseURL>` + url + `</BaseURL></Representation></AdaptationSet></Period></MPD>`,
	} {
		path := mediatest.Write(t, "film.mp4", []byte(content))
		refused(t, tools, path, "film.mp4", "playlist")
		for _, f := range []Format{FormatMP4, FormatWebM, FormatGIF} {
			if _, err := tools.probe(t.Context(), path, f); !fault.Is(err, fault.Invalid) {
				t.Errorf("as %s: got %v", f, err)
			}
		}
	}
	select {
	case <-accepted:
		t.Error("a tool opened the connection that a playlist named")
	default:
	}
	if err := listener.Close(); err != nil {
		t.Error(err)
	}
}

func TestInspect_externalReferencesAreNotFollowed(t *testing.T) {
	t.Parallel()
	tools := openTools(t, Config{})
	path := mediatest.Film(t, "a.mov", "-f", "lavfi", "-i", "testsrc=s=64x48:d=1:r=5")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// The data reference loses "in this file": the samples are said to be elsewhere.
	outside := bytes.ReplaceAll(b, []byte("url \x00\x00\x00\x01"), []byte("url \x00\x00\x00\x00"))
	outside = bytes.ReplaceAll(outside, []byte("alis\x00\x00\x00\x01"), []byte("alis\x00\x00\x00\x00"))
	if bytes.Equal(b, outside) {
		t.Fatal("the film has no data reference to change")
	}
	if _, err := tools.Inspect(t.Context(), mediatest.Write(t, "b.mov", outside), "b.mov"); err != nil && !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}
