package mediatool

import (
	"cmp"
	"os"
	"time"
)

const megabyte = 1_000_000

// withDefaults fills every zero field with the default that Config documents.
func (c Config) withDefaults() Config {
	c.TempDir = cmp.Or(c.TempDir, os.TempDir())
	c.MaxPixels = cmp.Or(c.MaxPixels, 120*megabyte)
	c.MaxSide = cmp.Or(c.MaxSide, 30_000)
	c.MaxImageBytes = cmp.Or(c.MaxImageBytes, 50*megabyte)
	c.MaxVideoPixels = cmp.Or(c.MaxVideoPixels, 4096*2304)
	c.MaxVideoBytes = cmp.Or(c.MaxVideoBytes, 2000*megabyte)
	c.MaxVideoDuration = cmp.Or(c.MaxVideoDuration, 30*time.Minute)
	c.ImageTimeout = cmp.Or(c.ImageTimeout, time.Minute)
	c.ImageCPUTime = cmp.Or(c.ImageCPUTime, 30*time.Second)
	c.ProbeTimeout = cmp.Or(c.ProbeTimeout, 2*time.Minute)
	c.VideoTimeout = cmp.Or(c.VideoTimeout, 2*time.Hour)
	c.ImageMemoryBytes = cmp.Or(c.ImageMemoryBytes, 5<<29)
	c.VideoMemoryBytes = cmp.Or(c.VideoMemoryBytes, 3<<30)
	c.MaxOutputBytes = cmp.Or(c.MaxOutputBytes, c.MaxVideoBytes)
	c.Concurrency = cmp.Or(c.Concurrency, 2)
	c.VideoThreads = cmp.Or(c.VideoThreads, 2)
	c.Nice = cmp.Or(c.Nice, 10)
	c.Commands.Vips = cmp.Or(c.Commands.Vips, "vips")
	c.Commands.VipsHeader = cmp.Or(c.Commands.VipsHeader, "vipsheader")
	c.Commands.FFmpeg = cmp.Or(c.Commands.FFmpeg, "ffmpeg")
	c.Commands.FFprobe = cmp.Or(c.Commands.FFprobe, "ffprobe")
	c.Commands.Prlimit = cmp.Or(c.Commands.Prlimit, "prlimit")
	c.Commands.Nice = cmp.Or(c.Commands.Nice, "nice")
	return c
}
