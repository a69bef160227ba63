package mediatool

import (
	"context"
	"errors"
	"fmt"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/mediatool/mediafile"
)

// The box that a film fits into, long and short side: 1080p lying or standing.
const (
	filmLong  = 1920
	filmShort = 1080
)

// open sniffs src and reads its header; it must have passed Inspect.
func (t *Tools) open(ctx context.Context, dir, src string) (film, error) {
	file, err := os.Open(src)
	if err != nil {
		return film{}, unreadable(err)
	}
	defer func() { _ = file.Close() }()
	stat, err := file.Stat()
	if err != nil {
		return film{}, unreadable(err)
	}
	format, err := mediafile.Sniff(file, stat.Size(), "")
	if err != nil {
		return film{}, err
	}
	if demuxers[format] == "" {
		return film{}, fault.New(fault.Invalid, "This file is not a film.")
	}
	if err := link(dir, src); err != nil {
		return film{}, err
	}
	f, err := t.readFilm(ctx, dir, format)
	if err != nil {
		return film{}, err
	}
	err = t.measure(ctx, dir, &f)
	return f, err
}

// Transcode writes the film src to dst as MP4 with fast start: H.264 high in
// yuv420p, at most 1,920 × 1,080 (or standing), at most 60 frames per second,
// AAC stereo at 128 kbit/s when there is sound; upright, without metadata, HDR
// brought to SDR. progress, which may be nil, is called with 0 to 1, never
// backwards. The result is checked before it is put in place; on error dst is as
// it was. src must have passed Inspect. Errors as Inspect.
func (t *Tools) Transcode(ctx context.Context, src, dst string, progress func(done float64)) (result Result, err error) {
	defer fault.Wrap(&err, "mediatool.Transcode(%s)", src)
	err = t.job(func(dir string) error {
		f, err := t.open(ctx, dir, src)
		if err != nil {
			return err
		}
		width, height := fit(f.Width, f.Height)
		_, err = t.run(ctx, command{program: t.cfg.Commands.FFmpeg, args: t.transcodeArgs(f, width, height), dir: dir,
			timeout: t.cfg.VideoTimeout, memory: t.cfg.VideoMemoryBytes, threads: t.cfg.VideoThreads + 1,
			stdout: &progressLines{each: forward(f.DurationMS, progress)}})
		if err != nil {
			return toolFault(err, "film", mediafile.DamagedFilm)
		}
		made := filepath.Join(dir, "out.mp4")
		if result, err = t.checkFilm(ctx, made, f, width, height); err != nil {
			return err
		}
		result.Path = dst
		if err := place(made, dst); err != nil {
			return err
		}
		if progress != nil {
			progress(1)
		}
		return nil
	})
	if err != nil {
		return Result{}, err
	}
	return result, nil
}

// forward turns times into shares of the whole; 1 is kept for the placed file.
func forward(totalMS int64, progress func(float64)) func(time.Duration) {
	last := 0.0
	return func(done time.Duration) {
		share := min(0.99, float64(done.Milliseconds())/float64(max(1, totalMS)))
		if progress != nil && share > last {
			last = share
			progress(share)
		}
	}
}

func (t *Tools) transcodeArgs(f film, width, height int) []string {
	threads := strconv.Itoa(t.cfg.VideoThreads)
	args := []string{"-nostdin", "-hide_banner", "-nostats", "-v", "error", "-y", "-progress", "pipe:1",
		"-filter_threads", threads, "-threads", threads,
		"-t", strconv.FormatFloat((t.cfg.MaxVideoDuration + time.Second).Seconds(), 'f', 3, 64)}
	args = append(args, input(f.Format)...)
	args = append(args, "-map", "0:V:0", "-map", "0:a:0?", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1",
		"-vf", filmFilter(f, width, height), "-fpsmax", "60",
		"-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-pix_fmt", "yuv420p",
		// Constant quality, with a ceiling that a phone's connection can follow.
		"-crf", "23", "-maxrate", "6M", "-bufsize", "12M", "-threads", threads)
	if f.HasAudio {
		args = append(args, "-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000")
	}
	return append(args, "-max_muxing_queue_size", "1024", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact",
		"-movflags", "+faststart", "-f", "mp4", "out.mp4")
}

// filmFilter scales to square pixels; ffmpeg has applied rotation before it. HDR
// would look grey as SDR, so its light is mapped.
func filmFilter(f film, width, height int) string {
	scale := fmt.Sprintf("scale=%d:%d,setsar=1", width, height)
	switch {
	case f.hdr:
	case f.Format == FormatGIF || min(f.Width, f.Height) < 8: // never interlaced, or too small to be
		return scale + ",format=yuv420p"
	default:
		return "yadif=deint=interlaced," + scale + ",format=yuv420p"
	}
	return scale + ",zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0," +
		"zscale=t=bt709:m=bt709:r=tv,format=yuv420p"
}

// fit is the size of the film: inside the box, ratio kept, even sides, at least
// 16, below which x264 and some players give up.
func fit(width, height int) (w, h int) {
	long, short := float64(max(width, height)), float64(min(width, height))
	shrink := min(1, filmLong/long, filmShort/short)
	even := func(v int) int { return max(16, int(math.Round(float64(v)*shrink/2))*2) }
	return min(even(width), filmLong), min(even(height), filmLong)
}

// checkFilm probes the made film: its size, its index in front, and a length
// that says that the source was readable to its end.
func (t *Tools) checkFilm(ctx context.Context, made string, f film, width, height int) (Result, error) {
	info, err := t.probe(ctx, made, FormatMP4)
	if err != nil {
		return Result{}, fault.Caused(fault.Unavailable, "The result of processing is not sound. Try again later.", err)
	}
	if info.DurationMS < f.DurationMS*9/10-1000 {
		return Result{}, fault.Newf(fault.Invalid, "The film is damaged: it can be read for %s of %s. Export it again, or upload it once more.",
			inWords(time.Duration(info.DurationMS)*time.Millisecond), inWords(time.Duration(f.DurationMS)*time.Millisecond))
	}
	file, err := os.Open(made)
	if err != nil {
		return Result{}, unreadable(err)
	}
	defer func() { _ = file.Close() }()
	digest, n, err := Sum(file)
	if err != nil {
		return Result{}, unreadable(err)
	}
	if info.Width != width || info.Height != height || info.Codec != "h264" || !mediafile.HasFastStart(file, n) {
		return Result{}, fault.Caused(fault.Unavailable, "The result of processing is not sound. Try again later.",
			fmt.Errorf("made %s %d × %d instead of %d × %d", info.Codec, info.Width, info.Height, width, height))
	}
	return Result{Format: FormatMP4, Width: width, Height: height, Bytes: n, SHA256: digest, DurationMS: info.DurationMS}, nil
}

// posterMoments are where a poster is looked for, as shares of the film: openings
// fade in from black, endings are credits.
var posterMoments = []float64{0.1, 0.35, 0.6, 0}

// minContrast is the standard deviation of brightness (0 to 255) from which a
// frame shows something; black and flat titles lie below.
const minContrast = 18

// Poster writes a telling frame of the film src to dst as PNG, upright, in the
// size that Transcode gives the film, to be passed to Thumbnail. It is the most
// typical frame near the first moment that is not nearly black or flat, or the
// one with the most contrast when all are. src must have passed Inspect. Errors
// as Inspect.
func (t *Tools) Poster(ctx context.Context, src, dst string) (result Result, err error) {
	defer fault.Wrap(&err, "mediatool.Poster(%s)", src)
	err = t.job(func(dir string) error {
		f, err := t.open(ctx, dir, src)
		if err != nil {
			return err
		}
		best, most := "", -1.0
		var failed error
		for i, moment := range posterMoments {
			name := fmt.Sprintf("frame%d.png", i)
			if err := t.frame(ctx, dir, name, f, moment); err != nil {
				if failed = err; fault.Is(err, fault.Unavailable) {
					return err
				}
				continue
			}
			c, err := contrast(filepath.Join(dir, name))
			if err != nil {
				failed = err
				continue
			}
			if c > most {
				best, most = filepath.Join(dir, name), c
			}
			if c >= minContrast {
				break
			}
		}
		if best == "" {
			return failed
		}
		width, _ := fit(f.Width, f.Height)
		if result, err = checkRendition(best, FormatPNG, width); err != nil {
			return err
		}
		result.Path = dst
		return place(best, dst)
	})
	if err != nil {
		return Result{}, err
	}
	return result, nil
}

func (t *Tools) frame(ctx context.Context, dir, name string, f film, moment float64) error {
	width, height := fit(f.Width, f.Height)
	at := time.Duration(float64(f.DurationMS)*moment) * time.Millisecond
	args := []string{"-nostdin", "-hide_banner", "-v", "error", "-y", "-threads", "1",
		"-ss", strconv.FormatFloat(at.Seconds(), 'f', 3, 64)}
	args = append(args, input(f.Format)...)
	// Scaled before frames are compared: 25 of them are held in memory.
	args = append(args, "-map", "0:V:0", "-map_metadata", "-1", "-vf", filmFilter(f, width, height)+",thumbnail=25,format=rgb24",
		"-frames:v", "1", "-fflags", "+bitexact", "-c:v", "png", "-f", "image2", "-update", "1", name)
	_, err := t.run(ctx, command{program: t.cfg.Commands.FFmpeg, args: args, dir: dir,
		timeout: t.cfg.ProbeTimeout, memory: t.cfg.VideoMemoryBytes, threads: 2})
	if err != nil {
		return toolFault(err, "film", mediafile.DamagedFilm)
	}
	return nil
}

// contrast is the standard deviation of brightness of a PNG of our own making,
// sampled at about 64 × 64 points.
func contrast(path string) (float64, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) { // ffmpeg met no frame after the moment
		return 0, fault.Caused(fault.Invalid, mediafile.DamagedFilm, err)
	}
	if err != nil {
		return 0, unreadable(err)
	}
	defer func() { _ = f.Close() }()
	picture, err := png.Decode(f)
	if err != nil {
		return 0, fault.Caused(fault.Invalid, mediafile.DamagedFilm, err)
	}
	b := picture.Bounds()
	var n, sum, squares float64
	for y := b.Min.Y; y < b.Max.Y; y += max(1, b.Dy()/64) {
		for x := b.Min.X; x < b.Max.X; x += max(1, b.Dx()/64) {
			red, green, blue, _ := picture.At(x, y).RGBA()
			luma := (0.299*float64(red) + 0.587*float64(green) + 0.114*float64(blue)) / 257
			n, sum, squares = n+1, sum+luma, squares+luma*luma
		}
	}
	mean := sum / n
	return math.Sqrt(max(0, squares/n-mean*mean)), nil
}
