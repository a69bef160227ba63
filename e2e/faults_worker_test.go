package e2e

import (
	"bytes"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/e2e/rig"
)

// The process is killed while ffmpeg encodes a film. ffmpeg ends with it, and
// after the restart each rendition is there once and nothing half-done beside it.
func TestFaults_workerKilledInAFilm(t *testing.T) {
	t.Parallel()
	d := dbtest.NewEmpty(t)
	site := rig.New(t, "DEMO=off", "DATABASE_URL="+d.OwnerURL, "SECRET="+dbtest.Secret).Start()
	owner := site.Visit()
	owner.SetUp("owner@studio.example", password, "Harbour & Field")
	compose, film := longFilm(t, owner)

	var encoder int
	site.Eventually("ffmpeg to encode", func() bool { encoder = encoderOf(t, site); return encoder != 0 })
	site.Eventually("half a film to be on the disk", func() bool { return halfDone(t, site) > 0 })
	site.Kill()
	site.Eventually("ffmpeg to end with the process", func() bool { return !alive(encoder) || !encodes(encoder) })

	site.Start()
	owner.Await(compose.Path, "the film to be ready", func(p *rig.Page) bool { return p.Find(`[data-file][data-state="ready"]`).Length() == 1 })
	whole(t, site, d, film)
	if n := d.Count(t, "select count(*) from renditions where name like '%.mp4'"); n != 1 {
		t.Errorf("%d films were encoded, want 1", n)
	}
}

// longFilm uploads a film that takes a while to encode, and gives the page on
// which its work is made, and the file.
func longFilm(t *testing.T, owner *rig.Member) (compose *rig.Page, film []byte) {
	t.Helper()
	film, err := os.ReadFile(mediatest.Film(t, "tide.mp4", "-f", "lavfi", "-i", "testsrc2=s=960x540:d=12:r=25",
		"-f", "lavfi", "-i", "sine=d=12", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"))
	if err != nil {
		t.Fatal(err)
	}
	compose = owner.SubmitFiles(owner.Get("/studio/harbour-field/new"), "#compose", url.Values{"intent": {"upload"}, "title": {workTitle}},
		[]rig.File{{Field: "files", Name: "tide.mp4", Content: film}})
	return compose, film
}

// encoderOf finds the ffmpeg that a site has started to encode; 0 for none.
func encoderOf(t *testing.T, site *rig.Site) int {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range stats {
		raw, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended since
		}
		// The name stands in brackets and may hold anything; state and parent follow it.
		fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
		if len(fields) < 2 || fields[1] != strconv.Itoa(site.Pid()) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil && encodes(pid) {
			return pid
		}
	}
	return 0
}

// encodes tells whether a process is an ffmpeg that encodes.
func encodes(pid int) bool {
	line, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
	return err == nil && bytes.Contains(line, []byte("libx264"))
}

// halfDone is how many bytes of a film lie in the site's working directories.
func halfDone(t *testing.T, site *rig.Site) (bytes int64) {
	t.Helper()
	for _, dir := range []string{"tmp", "uploads/work"} {
		err := filepath.WalkDir(filepath.Join(site.Data(), dir), func(path string, e fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil || e.IsDir() || filepath.Ext(path) != ".mp4" {
				return err
			}
			if info, err := e.Info(); err == nil {
				bytes += info.Size()
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return bytes
}
