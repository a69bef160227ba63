package mediatool

import (
	"context"
	"time"
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
	// ProbeTimeout ends one look at a film (header, demuxing, poster); default 2 min.
	ProbeTimeout time.Duration
	// VideoTimeout ends one transcoding; default 2 h.
	VideoTimeout time.Duration
	// ImageMemoryBytes is the address space of one picture tool; default 3 GiB.
	ImageMemoryBytes int64
	// VideoMemoryBytes is the address space of one film tool; default 4 GiB.
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

// Kind tells pictures from films.
type Kind string

// The two kinds of media.
const (
	KindImage Kind = "image"
	KindVideo Kind = "video"
)

// Format is a format that can be uploaded.
type Format string

// The formats that Sniff recognises.
const (
	FormatJPEG Format = "jpeg"
	FormatPNG  Format = "png"
	FormatWebP Format = "webp"
	FormatAVIF Format = "avif"
	FormatGIF  Format = "gif"
	FormatHEIC Format = "heic"
	FormatMP4  Format = "mp4"
	FormatMOV  Format = "mov"
	FormatWebM Format = "webm"
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

// ContentType is the media type that the format is served with.
func (f Format) ContentType() string {
	switch f {
	case FormatMP4:
		return "video/mp4"
	case FormatMOV:
		return "video/quicktime"
	case FormatWebM:
		return "video/webm"
	default:
		return "image/" + string(f)
	}
}

// Extension is the usual file name extension with its dot.
func (f Format) Extension() string {
	if f == FormatJPEG {
		return ".jpg"
	}
	return "." + string(f)
}

// API is a summary for readers; *Tools has these methods.
//
//	Open(cfg Config) (*Tools, error)
//	(*Tools).Check(ctx) error
//	(*Tools).Close() error
//	Sniff(r io.ReaderAt, size int64, name string) (Format, error)
//	ReadHeader(r io.ReaderAt, size int64, format Format) (Header, error)
//	Ladder(width, height int) []int
//	Sum(r io.Reader) (hexSHA256 string, bytes int64, err error)
//	SumFile(path string) (hexSHA256 string, bytes int64, err error)
type api interface {
	// Inspect decides whether the file at path is accepted and what it is. The
	// name is used in messages alone.
	Inspect(ctx context.Context, path, name string) (Info, error)
	// Thumbnail writes one rendition of the picture src to dst: upright, sRGB,
	// without metadata, never larger than the source; on error dst is untouched.
	Thumbnail(ctx context.Context, src, dst string, spec Spec) (Result, error)
	// DominantColour is the colour that a placeholder of the picture takes.
	DominantColour(ctx context.Context, src string) (Colour, error)
	// Transcode writes src as H.264 and AAC in an MP4 with fast start to dst.
	// progress (may be nil) is called with 0 to 1, never backwards.
	Transcode(ctx context.Context, src, dst string, progress func(done float64)) (Result, error)
	// Poster writes a telling frame of the film src to dst as a PNG, at most
	// 1,920 × 1,920, upright, to be passed to Thumbnail.
	Poster(ctx context.Context, src, dst string) (Result, error)
}

var _ api = (*Tools)(nil)

// Colour is an opaque sRGB colour.
type Colour struct{ R, G, B uint8 }
