package archive

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sort"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
)

// Bounds of what an archive may hold. Anybody can have written one, so nothing
// in it is believed before it was measured.
const (
	maxManifest = 64 << 20 // bytes
	maxLine     = 1 << 20  // of a record
	maxList     = 4 << 30  // of a list of records, unpacked
	maxVolumes  = 10_000
)

// Reading is an archive whose volumes are open.
type Reading struct {
	Manifest Manifest // of the first volume
	volumes  []*volumeReader
	at       map[string]*zip.File
	entries  map[string]Entry
}

type volumeReader struct {
	path     string
	zip      *zip.ReadCloser
	manifest Manifest
}

func refused(path, format string, args ...any) error {
	return fault.New(fault.Invalid, filepath.Base(path)+": "+fmt.Sprintf(format, args...))
}

// Open opens the volumes of one or more archives, in any order, and groups them.
// Invalid names the file and what is wrong with it: not an archive, cut off, of
// another version, a volume that is missing or there twice, a path or a kind of
// entry that an archive never holds. Nothing is unpacked yet. The caller closes
// every archive.
func Open(paths []string) (list []*Reading, err error) {
	byExport := map[uuid.UUID]*Reading{}
	defer func() {
		if err != nil {
			for _, r := range byExport {
				_ = r.Close()
			}
		}
	}()
	for _, path := range paths {
		v, err := openVolume(path)
		if err != nil {
			return nil, err
		}
		r := byExport[v.manifest.ExportID]
		if r == nil {
			r = &Reading{Manifest: v.manifest, at: map[string]*zip.File{}, entries: map[string]Entry{}}
			byExport[v.manifest.ExportID] = r
			list = append(list, r)
		}
		r.volumes = append(r.volumes, v)
	}
	for _, r := range list {
		if err := r.complete(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Close closes the volumes.
func (r *Reading) Close() error {
	var errs []error
	for _, v := range r.volumes {
		errs = append(errs, v.zip.Close())
	}
	return errors.Join(errs...)
}

func openVolume(path string) (_ *volumeReader, err error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, fault.Caused(fault.Invalid, filepath.Base(path)+": this is not a whole zip file. It may have been cut off on the way; fetch it again.", err)
	}
	v := &volumeReader{path: path, zip: z}
	defer func() {
		if err != nil {
			_ = z.Close()
		}
	}()
	var manifest *zip.File
	for _, f := range z.File {
		switch {
		case !allowedPath.MatchString(f.Name):
			return nil, refused(path, "it holds %q, which no archive of ours does. Nothing was imported.", f.Name)
		case !f.Mode().IsRegular():
			return nil, refused(path, "%s is no plain file. Nothing was imported.", f.Name)
		case f.Method != zip.Store && f.Method != zip.Deflate:
			return nil, refused(path, "%s is packed in a way that archives are not.", f.Name)
		case strings.HasPrefix(f.Name, "manifest-"):
			if manifest != nil {
				return nil, refused(path, "it has two manifests.")
			}
			manifest = f
		}
	}
	if manifest == nil {
		return nil, refused(path, "it has no manifest, so it is no archive of Vitrine, or not all of one.")
	}
	raw, err := unpack(manifest, maxManifest)
	if err != nil {
		return nil, fault.Caused(fault.Invalid, filepath.Base(path)+": its manifest cannot be read.", err)
	}
	if err := json.Unmarshal(raw, &v.manifest); err != nil {
		return nil, fault.Caused(fault.Invalid, filepath.Base(path)+": its manifest cannot be read.", err)
	}
	err = v.check(manifest.Name)
	return v, err
}

func (v *volumeReader) check(name string) error {
	m := v.manifest
	switch {
	case m.Format != Format:
		return refused(v.path, "it is no archive of Vitrine.")
	case m.Version != FormatVersion:
		return refused(v.path, "it is an archive of version %d, and this installation reads version %d. Import it with a newer Vitrine.", m.Version, FormatVersion)
	case m.Volumes < 1 || m.Volumes > maxVolumes || m.Volume < 1 || m.Volume > m.Volumes || name != manifestName(m.Volume),
		m.Kind != User && m.Kind != Studio, m.ExportID == uuid.Nil:
		return refused(v.path, "its manifest contradicts itself.")
	}
	return nil
}

// complete holds the volumes together: each once, of one archive, and each entry
// once, listed with its size.
func (r *Reading) complete() error {
	sort.Slice(r.volumes, func(i, k int) bool { return r.volumes[i].manifest.Volume < r.volumes[k].manifest.Volume })
	first := r.volumes[0].manifest
	for i, v := range r.volumes {
		m := v.manifest
		if m.Volumes != first.Volumes || m.Kind != first.Kind || m.Subject != first.Subject {
			return refused(v.path, "it does not belong to the same archive as the other volumes.")
		}
		if m.Volume < i+1 {
			return refused(v.path, "volume %d is named twice.", m.Volume)
		}
		if m.Volume > i+1 {
			return refused(v.path, "volume %d of %d is missing. Name all volumes of the archive.", i+1, m.Volumes)
		}
		if err := r.index(v); err != nil {
			return err
		}
	}
	if n := len(r.volumes); n < first.Volumes {
		return refused(r.volumes[n-1].path, "volume %d of %d is missing. Name all volumes of the archive.", n+1, first.Volumes)
	}
	r.Manifest = first
	return nil
}

func (r *Reading) index(v *volumeReader) error {
	listed := map[string]Entry{}
	for _, e := range v.manifest.Entries {
		listed[e.Path] = e
	}
	if len(listed) != len(v.manifest.Entries) {
		return refused(v.path, "its manifest lists a file twice. Nothing was imported.")
	}
	for _, f := range v.zip.File {
		if f.Name == manifestName(v.manifest.Volume) {
			continue
		}
		e, ok := listed[f.Name]
		if r.at[f.Name] != nil {
			return refused(v.path, "%s is there twice. Nothing was imported.", f.Name)
		}
		if !ok {
			return refused(v.path, "%s is not in the manifest. Nothing was imported.", f.Name)
		}
		if uint64(e.Bytes) != f.UncompressedSize64 || e.Bytes < 0 { //nolint:gosec // negative ones are refused beside
			return refused(v.path, "%s has another size than the manifest says. Nothing was imported.", f.Name)
		}
		if strings.HasPrefix(f.Name, mediaDir) && (f.Method != zip.Store || e.Bytes > media.MaxVideoBytes) {
			return refused(v.path, "%s is packed in a way that archives are not, or larger than any file here may be.", f.Name)
		}
		if e.Bytes > maxList {
			return refused(v.path, "%s is larger than any list of ours.", f.Name)
		}
		r.at[f.Name], r.entries[f.Name] = f, e
		delete(listed, f.Name)
	}
	for path := range listed {
		return refused(v.path, "%s is in the manifest and not in the file. It may have been cut off on the way; fetch it again.", path)
	}
	return nil
}

// unpack reads a small entry whole.
func unpack(f *zip.File, limit int64) ([]byte, error) {
	rc, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = rc.Close() }()
	raw, err := io.ReadAll(io.LimitReader(rc, limit+1))
	if err == nil && int64(len(raw)) > limit {
		err = errors.New("it is longer than any of ours")
	}
	return raw, err
}

// verify reads every byte of every entry and compares it with what the manifest
// says. An entry that unpacks to more than it says ends there.
func (r *Reading) verify(ctx context.Context, told func(done, of int)) error {
	done := 0
	for _, v := range r.volumes {
		for _, f := range v.zip.File {
			e, ok := r.entries[f.Name]
			if !ok {
				continue // the manifest itself
			}
			if err := verifyEntry(ctx, f, e); err != nil {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				return fault.Caused(fault.Invalid, filepath.Base(v.path)+": "+f.Name+" is damaged: its bytes are not those that the manifest tells of. Fetch the archive again. Nothing was imported.", err)
			}
			done++
			told(done, len(r.entries))
		}
	}
	return nil
}

func verifyEntry(ctx context.Context, f *zip.File, e Entry) error {
	rc, err := f.Open()
	if err != nil {
		return err
	}
	defer func() { _ = rc.Close() }()
	sum := sha256.New()
	n, err := io.Copy(sum, io.LimitReader(&until{ctx, rc}, e.Bytes+1))
	switch {
	case err != nil:
		return err
	case n != e.Bytes:
		return fmt.Errorf("%d bytes instead of %d", n, e.Bytes)
	case hex.EncodeToString(sum.Sum(nil)) != e.SHA256:
		return errors.New("another checksum")
	}
	return nil
}

// each reads a list record by record. A list that is not there is empty. Fields
// that this version does not know are passed over.
func each[T any](r *Reading, list string, fn func(T) error) error {
	f := r.at[list+".jsonl"]
	if f == nil {
		return nil
	}
	rc, err := f.Open()
	if err != nil {
		return err
	}
	defer func() { _ = rc.Close() }()
	lines := bufio.NewScanner(io.LimitReader(rc, r.entries[f.Name].Bytes))
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		var record T
		if err := json.Unmarshal(line, &record); err != nil {
			return fault.Caused(fault.Invalid, fmt.Sprintf("%s, line %d, cannot be read. Nothing was imported.", f.Name, n), err)
		}
		if err := fn(record); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fault.Caused(fault.Invalid, f.Name+" has a line that is longer than any record of ours. Nothing was imported.", err)
	}
	return nil
}
