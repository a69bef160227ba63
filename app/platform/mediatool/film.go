package mediatool

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/mediatool/mediafile"
)

func (t *Tools) inspectVideo(ctx context.Context, file io.ReaderAt, size int64, path, name string, format Format) (Info, error) {
	end, err := mediafile.FilmEnd(file, size, format)
	if err != nil {
		return Info{}, err
	}
	if err := mediafile.CheckAppended(file, size, format, end, name); err != nil {
		return Info{}, err
	}
	info, err := t.probe(ctx, path, format)
	info.Bytes = size
	return info, err
}

// demuxers are forced, so that a file that names others (a playlist, a concat
// script) is never asked what it would like to be.
var demuxers = map[Format]string{FormatMP4: "mov", FormatMOV: "mov", FormatWebM: "matroska", FormatGIF: "gif"}

// input is how ffmpeg and ffprobe open an untrusted film: only as a file, only
// by the sniffed demuxer, and without the external references of QuickTime.
func input(format Format) []string {
	args := []string{"-protocol_whitelist", "file", "-f", demuxers[format]}
	if demuxers[format] == "mov" {
		args = append(args, "-enable_drefs", "0", "-use_absolute_path", "0")
	}
	return append(args, "-i", inputName)
}

// probed is the part of ffprobe's answer that is read.
type probed struct {
	Streams []stream `json:"streams"`
	Format  struct {
		Duration string `json:"duration"`
	} `json:"format"`
}

type stream struct {
	Type        string `json:"codec_type"`
	Codec       string `json:"codec_name"`
	Width       int    `json:"width"`
	Height      int    `json:"height"`
	Aspect      string `json:"sample_aspect_ratio"`
	Rate        string `json:"avg_frame_rate"`
	Transfer    string `json:"color_transfer"`
	Duration    string `json:"duration"`
	Disposition struct {
		Picture int `json:"attached_pic"`
	} `json:"disposition"`
	Sides []struct {
		Rotation float64 `json:"rotation"`
	} `json:"side_data_list"`
}

// film is what a probe knows beyond Info, for the transcoder.
type film struct {
	Info
	hdr bool
}

// probe reads a film's header, checks it against the limits, and then measures
// its length over the packets and decodes its first frames.
func (t *Tools) probe(ctx context.Context, path string, format Format) (Info, error) {
	var f film
	err := t.job(func(dir string) (err error) {
		if err = link(dir, path); err != nil {
			return err
		}
		if f, err = t.readFilm(ctx, dir, format); err != nil {
			return err
		}
		return t.measure(ctx, dir, &f)
	})
	return f.Info, err
}

func (t *Tools) readFilm(ctx context.Context, dir string, format Format) (film, error) {
	args := append([]string{"-v", "error", "-show_streams", "-show_format", "-of", "json"}, input(format)...)
	out, err := t.run(ctx, command{program: t.cfg.Commands.FFprobe, args: args, dir: dir,
		timeout: t.cfg.ProbeTimeout, memory: t.cfg.VideoMemoryBytes, threads: 2})
	if err != nil {
		return film{}, toolFault(err, "film", mediafile.DamagedFilm)
	}
	var p probed
	if err := json.Unmarshal([]byte(out), &p); err != nil {
		return film{}, fault.Caused(fault.Invalid, mediafile.DamagedFilm, err)
	}
	f := film{Info: Info{Kind: KindVideo, Format: format, Orientation: 1}}
	var video []stream
	longest := seconds(p.Format.Duration)
	for _, s := range p.Streams {
		switch {
		case s.Type == "video" && s.Disposition.Picture == 0:
			video = append(video, s)
		case s.Type == "audio" && s.Codec != "":
			f.HasAudio = true
		}
		longest = max(longest, seconds(s.Duration))
	}
	switch {
	case len(video) == 0 && f.HasAudio:
		return film{}, fault.New(fault.Invalid, "This file holds sound but no picture. Only pictures and films can be uploaded.")
	case len(video) == 0:
		return film{}, fault.New(fault.Invalid, mediafile.DamagedFilm)
	case len(video) > 1:
		return film{}, fault.Newf(fault.Invalid, "This film holds %d pictures side by side; only one can be shown. Export it with one and upload that.", len(video))
	case video[0].Codec == "" || video[0].Codec == "unknown":
		return film{}, fault.New(fault.Invalid, "The film is encoded in a way that cannot be read here. Export it as MP4 with H.264 and upload that.")
	}
	f.describe(video[0])
	f.DurationMS = longest.Milliseconds()
	return f, errors.Join(t.checkFrame(video[0]), t.checkDuration(longest))
}

// describe fills in what a viewer sees: pixel aspect and rotation applied.
func (f *film) describe(s stream) {
	f.Codec, f.Width, f.Height = s.Codec, s.Width, s.Height
	f.FrameRate = ratio(s.Rate)
	if aspect := ratio(strings.Replace(s.Aspect, ":", "/", 1)); aspect > 0.1 && aspect < 10 {
		f.Width = max(1, int(math.Round(float64(s.Width)*aspect)))
	}
	for _, side := range s.Sides {
		if quarter := int(math.Round(side.Rotation / 90)); quarter%2 != 0 {
			f.Width, f.Height = f.Height, f.Width
			break
		}
	}
	f.hdr = s.Transfer == "smpte2084" || s.Transfer == "arib-std-b67"
}

func (t *Tools) checkFrame(s stream) error {
	if s.Width < 1 || s.Height < 1 {
		return fault.New(fault.Invalid, mediafile.DamagedFilm)
	}
	if int64(s.Width)*int64(s.Height) > t.cfg.MaxVideoPixels || max(s.Width, s.Height) > 16_384 {
		return fault.Newf(fault.Invalid, "This film has %s × %s pixels; the limit is %d megapixels, as in 4K. Export it at 4K or smaller and upload that.",
			mediafile.Count(int64(s.Width)), mediafile.Count(int64(s.Height)), t.cfg.MaxVideoPixels/megabyte)
	}
	return nil
}

func (t *Tools) checkDuration(d time.Duration) error {
	// Half a second is what containers round.
	if d > t.cfg.MaxVideoDuration+time.Second/2 {
		return fault.Newf(fault.Invalid, "This film is %s long; the limit is %s. Cut it and upload the parts.",
			inWords(d), inWords(t.cfg.MaxVideoDuration))
	}
	return nil
}

// measure copies the packets to nowhere, which gives the true length whatever
// the header claims (or leaves out, as browsers' recordings do), and decodes the
// first frames, so that an unreadable codec is told now and not in an hour.
func (t *Tools) measure(ctx context.Context, dir string, f *film) error {
	args := append([]string{"-nostdin", "-hide_banner", "-nostats", "-v", "error", "-progress", "pipe:1"}, input(f.Format)...)
	args = append(args, "-map", "0:V:0", "-c", "copy", "-f", "null", "-")
	last := time.Duration(0)
	_, err := t.run(ctx, command{program: t.cfg.Commands.FFmpeg, args: args, dir: dir,
		timeout: t.cfg.ProbeTimeout, memory: t.cfg.VideoMemoryBytes, threads: 2,
		stdout: &progressLines{each: func(done time.Duration) { last = max(last, done) }}})
	if err != nil {
		return toolFault(err, "film", mediafile.DamagedFilm)
	}
	if err := t.checkDuration(last); err != nil {
		return err
	}
	if f.DurationMS = max(f.DurationMS, last.Milliseconds()); f.DurationMS <= 0 {
		f.DurationMS = 1
	}
	args = append([]string{"-nostdin", "-hide_banner", "-v", "error", "-threads", "1"}, input(f.Format)...)
	args = append(args, "-map", "0:V:0", "-frames:v", "3", "-f", "null", "-")
	_, err = t.run(ctx, command{program: t.cfg.Commands.FFmpeg, args: args, dir: dir,
		timeout: t.cfg.ProbeTimeout, memory: t.cfg.VideoMemoryBytes, threads: 2})
	if err != nil {
		return toolFault(err, "film", mediafile.DamagedFilm)
	}
	return nil
}

// progressLines reads what -progress writes: lines "key=value".
type progressLines struct {
	each func(done time.Duration)
	rest []byte
}

func (p *progressLines) Write(b []byte) (int, error) {
	p.rest = append(p.rest, b...)
	for {
		line, rest, whole := bytes.Cut(p.rest, []byte("\n"))
		if !whole {
			p.rest = append([]byte(nil), line[:min(len(line), 1024)]...)
			return len(b), nil
		}
		p.rest = rest
		if v, ok := bytes.CutPrefix(line, []byte("out_time_us=")); ok {
			if us, err := strconv.ParseInt(string(v), 10, 64); err == nil && us > 0 {
				p.each(time.Duration(us) * time.Microsecond)
			}
		}
	}
}

func seconds(s string) time.Duration {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || v <= 0 || v > 1e8 {
		return 0
	}
	return time.Duration(v * float64(time.Second))
}

func ratio(s string) float64 {
	a, b, _ := strings.Cut(s, "/")
	x, errA := strconv.ParseFloat(a, 64)
	y, errB := strconv.ParseFloat(b, 64)
	if errA != nil || errB != nil || y == 0 {
		return 0
	}
	return x / y
}

// inWords writes a length as people say it: "3 h", "1 h 5 min", "45 s".
func inWords(d time.Duration) string {
	d = d.Round(time.Second)
	h, m, s := int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60
	switch {
	case h > 0 && m > 0:
		return fmt.Sprintf("%d h %d min", h, m)
	case h > 0:
		return fmt.Sprintf("%d h", h)
	case m > 0 && s > 0:
		return fmt.Sprintf("%d min %d s", m, s)
	case m == 1:
		return "1 minute"
	case m > 0:
		return fmt.Sprintf("%d minutes", m)
	}
	return fmt.Sprintf("%d s", s)
}
