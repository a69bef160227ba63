package archive

import (
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/media/originals"
	"vitrine/app/platform/audit"
)

// The form of an archive, see docs/export-format.md. FormatVersion grows when
// something that a reader relies on changes its meaning; what is only added
// keeps it.
const (
	Format        = "vitrine-archive"
	FormatVersion = 1
)

// Manifest says what a volume holds. It is the last entry of the volume.
type Manifest struct {
	Format   string    `json:"format"`
	Version  int       `json:"version"`
	Kind     Kind      `json:"kind"`
	ExportID uuid.UUID `json:"export_id"`
	Subject  uuid.UUID `json:"subject_id"`
	AskedAt  time.Time `json:"asked_at"`
	Volume   int       `json:"volume"` // from 1
	Volumes  int       `json:"volumes"`
	Entries  []Entry   `json:"entries"`
	// Missing are files that were deleted between the plan and the volume.
	Missing []string `json:"missing"`
}

// Entry is one file in a volume.
type Entry struct {
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // hexadecimal
}

// Act is an entry of the audit in an archive.
type Act struct {
	At       time.Time  `json:"at"`
	ActorID  *uuid.UUID `json:"actor_id"` // nil: the product itself, or somebody who has left
	StudioID *uuid.UUID `json:"studio_id"`
	Action   string     `json:"action"`
	Subject  string     `json:"subject"`
	Note     string     `json:"note"`
}

func act(r audit.Row) Act {
	a := Act{At: r.At, Action: r.Action, Subject: r.Subject, Note: r.Note}
	if r.ActorID != uuid.Nil {
		a.ActorID = &r.ActorID
	}
	if r.StudioID != uuid.Nil {
		a.StudioID = &r.StudioID
	}
	return a
}

// The folders of an archive.
const (
	accountDir = "account/"
	studioDir  = "studio/"
	mediaDir   = "media/"
)

var extension = regexp.MustCompile(`^[a-z0-9]{1,5}$`)

// mediaPath is where the original of a file stands in an archive.
func mediaPath(f originals.File) string {
	ext := f.Format
	if ext == "" {
		ext = strings.ToLower(strings.TrimPrefix(path.Ext(f.Filename), "."))
	}
	if !extension.MatchString(ext) {
		ext = "bin"
	}
	return mediaDir + f.ID.String() + "." + ext
}

// allowedPath is every path that an archive may hold. Whatever else stands in a
// zip file, an absolute path or one with dots among it, is refused.
var allowedPath = regexp.MustCompile(`^(README\.txt|index\.html|manifest-[1-9][0-9]{0,4}\.json|(account|studio)/[a-z_]{1,20}\.jsonl|media/[0-9a-f-]{36}\.[a-z0-9]{1,5})$`)
