package art

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"iter"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// FramesPerSecond is the rate of every film.
const FramesPerSecond = 24

// ErrStill says that a style stands still and cannot be filmed.
var ErrStill = errors.New("this style does not move")

// Frames draws n pictures that make one loop: the last leads back to the first. Styles that stand still repeat their picture.
// Each picture is drawn when it is asked for; memory holds one at a time.
func Frames(seed uint64, style Style, w, h, n int) iter.Seq[*image.RGBA] {
	return func(yield func(*image.RGBA) bool) {
		m, _ := find(style)
		var still *image.RGBA
		for i := range n {
			if still == nil || m.moves {
				// A phase of exactly zero means a still picture, where long exposures are whole.
				still = frame(seed, style, w, h, (float64(i)+.5)/float64(n))
			}
			if !yield(still) {
				return
			}
		}
	}
}

// Film writes a loop of the style as an MP4 (H.264 and a quiet tone as AAC) to path, by the ffmpeg program on the search path.
// Sides are rounded down to even numbers. It answers ErrStill for a style that does not move; a cancelled context stops ffmpeg and
// may leave a broken file behind.
func Film(ctx context.Context, path string, seed uint64, style Style, w, h, seconds int) error {
	m, known := find(style)
	if !known || !m.moves {
		return fmt.Errorf("film %q: %w", style, ErrStill)
	}
	w, h, seconds = max(2, w&^1), max(2, h&^1), max(1, seconds)
	cmd := exec.CommandContext(ctx, "ffmpeg", filmArgs(path, seed, w, h, seconds)...)
	// A group of its own: Ctrl-C in a terminal reaches every process of ours at
	// once, and it is for us to say when this one ends.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var complaint strings.Builder
	cmd.Stderr = &complaint
	in, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("film %q: %w", style, err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("film %q: start ffmpeg: %w", style, err)
	}
	sent := pipeFrames(ctx, in, seed, style, w, h, seconds*FramesPerSecond)
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("film %q: %w: %s", style, err, strings.TrimSpace(complaint.String()))
	}
	return sent
}

func pipeFrames(ctx context.Context, in io.WriteCloser, seed uint64, style Style, w, h, n int) error {
	for img := range Frames(seed, style, w, h, n) {
		if err := ctx.Err(); err != nil {
			return errors.Join(err, in.Close())
		}
		if _, err := in.Write(img.Pix); err != nil {
			return errors.Join(fmt.Errorf("send a frame to ffmpeg: %w", err), in.Close())
		}
	}
	return in.Close()
}

// filmArgs asks for a fifth that swells once per loop, softer than a room is quiet.
func filmArgs(path string, seed uint64, w, h, seconds int) []string {
	low := 82.4 + float64(seed%5)*13.7
	tone := fmt.Sprintf("aevalsrc=(sin(2*PI*%.1f*t)*0.05+sin(2*PI*%.1f*t)*0.03)*(0.5-0.5*cos(2*PI*t/%d)):s=44100:d=%d", low, low*1.5, seconds, seconds)
	return []string{
		"-hide_banner", "-loglevel", "error", "-y",
		"-f", "rawvideo", "-pixel_format", "rgba", "-video_size", strconv.Itoa(w) + "x" + strconv.Itoa(h), "-framerate", strconv.Itoa(FramesPerSecond), "-i", "pipe:0",
		"-f", "lavfi", "-i", tone,
		"-c:v", "libx264", "-preset", "ultrafast", "-crf", "21", "-pix_fmt", "yuv420p", "-threads", "1",
		"-c:a", "aac", "-b:a", "64k", "-shortest", "-movflags", "+faststart", "-map_metadata", "-1", "-f", "mp4", path,
	}
}
