package mediafile

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

// Kind of the format. A GIF's kind also depends on its frames: see Info.Kind.
func (f Format) Kind() Kind {
	switch f {
	case FormatMP4, FormatMOV, FormatWebM:
		return KindVideo
	}
	return KindImage
}
