package mediatool

import (
	"time"

	"vitrine/app/platform/mediatool/mediafile"
)

// Config bounds what the tools accept and what they may use. Zero values mean
// the defaults named at each field.
type Config struct {
	// TempDir holds one private directory per Tools; default os.TempDir().
	// Directories that a killed process left behind are removed by Open.
	TempDir string

	// MaxPixels is the largest width × height of a picture; default 120,000,000.
	MaxPixels int64
	// MaxSide is the longest side of a picture in pixels; default 30,000.
	MaxSide int
	// MaxImageBytes is the largest picture file; default 50 MB (decimal).
	MaxImageBytes int64
	// MaxVideoPixels is the largest width × height of a film's frame; default
	// 4,096 × 2,304, which holds every 4K format.
	MaxVideoPixels int64
	// MaxVideoBytes is the largest film file; default 2 GB (decimal).
	MaxVideoBytes int64
	// MaxVideoDuration is the longest film; default 30 minutes.
	MaxVideoDuration time.Duration

	// ImageTimeout ends one run of a picture tool; default 60 s.
	ImageTimeout time.Duration
	// ImageCPUTime is how long one run of a picture tool may compute, in whole
	// seconds; default 30 s. The slowest sound picture needs under 10 s.
	ImageCPUTime time.Duration
	// ProbeTimeout ends one look at a film (header, demuxing, poster); default 2 min.
	ProbeTimeout time.Duration
	// VideoTimeout ends one transcoding; default 2 h.
	VideoTimeout time.Duration
	// ImageMemoryBytes is the address space of one picture tool; default 2.5 GiB.
	// Measured with libvips 8.14: a 120-megapixel WebP, the worst format, needs
	// under 2 GB of it (1 GB resident), a phone's photo 400 MB, most of which is
	// mapped libraries.
	ImageMemoryBytes int64
	// VideoMemoryBytes is the address space of one film tool; default 3 GiB.
	// Measured with ffmpeg 5.1 and two threads: 0.8 GB from 480p to 1080p, under
	// 1 GB for a second of ten-bit HDR in 4K; long films look further ahead.
	VideoMemoryBytes int64
	// MaxOutputBytes is the largest file that a tool may write; default MaxVideoBytes.
	MaxOutputBytes int64

	// Concurrency is how many tools may run at once, whatever they do; default 2.
	Concurrency int
	// VideoThreads bounds the threads of one ffmpeg; default 2.
	VideoThreads int
	// Nice is the niceness of every tool; default 10.
	Nice int

	// Commands names the programs, looked up in PATH when they hold no slash.
	Commands Commands
}

// Commands are the external programs; an empty name means the usual one.
type Commands struct {
	Vips, VipsHeader, FFmpeg, FFprobe, Prlimit, Nice string
}

// What a file is, as package mediafile reads it in Go.
type (
	// Format is the format of a file.
	Format = mediafile.Format
	// Kind is a picture or a film.
	Kind = mediafile.Kind
)

// Names of package mediafile for those who only use the tools.
const (
	KindImage  = mediafile.KindImage
	KindVideo  = mediafile.KindVideo
	FormatJPEG = mediafile.FormatJPEG
	FormatPNG  = mediafile.FormatPNG
	FormatWebP = mediafile.FormatWebP
	FormatAVIF = mediafile.FormatAVIF
	FormatGIF  = mediafile.FormatGIF
	FormatHEIC = mediafile.FormatHEIC
	FormatMP4  = mediafile.FormatMP4
	FormatMOV  = mediafile.FormatMOV
	FormatWebM = mediafile.FormatWebM
)

// Info is what Inspect learned about a sound file.
type Info struct {
	Kind   Kind
	Format Format
	// Width and Height are in pixels, upright: after EXIF orientation, a film's
	// rotation and its pixel aspect have been applied.
	Width, Height int
	// Orientation is the EXIF orientation of the stored pixels, 1 to 8; 1 for films.
	Orientation int
	// Animated is true for a GIF that is treated as a film.
	Animated bool
	// Bytes is the size of the file.
	Bytes int64
	// Credit and Copyright are plain text of one line and at most 200
	// characters, from EXIF, IPTC or XMP; empty when the file names none.
	Credit, Copyright string

	// DurationMS, HasAudio, FrameRate and Codec are zero for pictures. The
	// duration is measured over the packets, not believed from the header.
	DurationMS int64
	HasAudio   bool
	FrameRate  float64
	Codec      string
}

// Spec asks for one picture rendition.
type Spec struct {
	// Format is FormatWebP, FormatJPEG or FormatAVIF.
	Format Format
	// Width is the wanted width in pixels; a narrower source keeps its own
	// width, and AVIF is never wider or higher than AVIFMaxSide.
	Width int
	// Quality is 1 to 100; 0 means 80 for WebP, 82 for JPEG, 55 for AVIF.
	Quality int
}

// AVIFMaxSide is the longest side of an AVIF rendition in pixels: encoding
// larger ones costs seconds of CPU for little gain over WebP.
const AVIFMaxSide = 1280

// Result describes a rendition that has been checked and is in place.
type Result struct {
	Path          string
	Format        Format
	Width, Height int
	Bytes         int64
	// SHA256 is the lower-case hexadecimal digest of the file.
	SHA256 string
	// DurationMS is the length of a film, 0 for a picture.
	DurationMS int64
}

// Colour is an opaque sRGB colour.
type Colour struct{ R, G, B uint8 }
