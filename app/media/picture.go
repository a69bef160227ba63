package media

import (
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// Picture is what a page needs to show a media: for a film that is its poster,
// and the film once it is there.
type Picture struct {
	ID         uuid.UUID
	Kind       Kind
	Width      int // of the original, upright; the aspect of every size
	Height     int
	DurationMS int64 `gorm:"column:duration_ms"`
	HasAudio   bool
	Tone       string
	Credit     string
	Copyright  string
	Served     Served
	Version    int64

	Host string `gorm:"-"` // of its addresses; empty is the site's own
}

// Empty tells whether there is nothing to show yet.
func (p Picture) Empty() bool { return len(p.Served.JPEG) == 0 }

// Film tells whether the media is a film that can be played.
func (p Picture) Film() bool { return p.Served.Video != nil }

// WebP is the srcset of the WebP sizes.
func (p Picture) WebP() string { return p.srcset("webp", p.Served.WebP) }

// JPEG is the srcset of the JPEG sizes.
func (p Picture) JPEG() string { return p.srcset("jpg", p.Served.JPEG) }

// AVIF is the srcset of the AVIF sizes. They end at 1,280 pixels, so where a page
// may need more (a stage on a large screen), use it only when AVIFWhole says so:
// a browser that prefers AVIF would otherwise show less than it could.
func (p Picture) AVIF() string { return p.srcset("avif", p.Served.AVIF) }

// AVIFWhole tells whether AVIF offers every size that JPEG does.
func (p Picture) AVIFWhole() bool {
	return len(p.Served.AVIF) > 0 && len(p.Served.AVIF) >= len(p.Served.JPEG)
}

// Src is the JPEG that fits a width in pixels best: the smallest that reaches
// it, else the largest. It is empty while there is none.
func (p Picture) Src(width int) string {
	for _, w := range p.Served.JPEG {
		if w >= width {
			return p.url("jpg", w)
		}
	}
	if n := len(p.Served.JPEG); n > 0 {
		return p.url("jpg", p.Served.JPEG[n-1])
	}
	return ""
}

// SrcSize is the width and height of what Src gives.
func (p Picture) SrcSize(width int) (w, h int) {
	if len(p.Served.JPEG) == 0 || p.Width == 0 {
		return 0, 0
	}
	w = p.Served.JPEG[len(p.Served.JPEG)-1]
	for _, have := range p.Served.JPEG {
		if have >= width {
			w = have
			break
		}
	}
	return w, max(1, (w*p.Height+p.Width/2)/p.Width)
}

// Video is the URL of the film, empty while there is none.
func (p Picture) Video() string {
	if p.Served.Video == nil {
		return ""
	}
	return p.URL(videoName)
}

func (p Picture) url(ext string, width int) string { return p.URL(sizeName(width, ext)) }

// URL is the address of a rendition: a path, or that of another host.
func (p Picture) URL(name string) string { return p.Host + URL(p.ID, name) }

func (p Picture) srcset(ext string, widths []int) string {
	var b strings.Builder
	for i, w := range widths {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p.url(ext, w))
		b.WriteByte(' ')
		b.WriteString(strconv.Itoa(w))
		b.WriteByte('w')
	}
	return b.String()
}

// URL is the path of a rendition on the site itself.
func URL(mediaID uuid.UUID, name string) string { return "/m/" + mediaID.String() + "/" + name }

const videoName = "video.mp4"

// sizeName names a size by its width; ext is webp, jpg or avif.
func sizeName(width int, ext string) string { return "w" + strconv.Itoa(width) + "." + ext }
