// Package assets serves the stylesheet, scripts and fonts under names that
// contain a hash of their contents, so that browsers and caches may keep them
// for a year and a deploy changes only the names of what changed.
package assets

//go:generate go run ./gen

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"

	"vitrine/web/static"
)

// Prefix is the path below which Handler answers.
const Prefix = "/assets/"

// file is one asset, ready to be written.
type file struct {
	name   string // as its source is called: app.css, fonts/x.woff2
	hashed string // with the hash before the ending
	kind   string // content type
	etag   string // quoted
	plain  []byte
	packed []byte // gzip; nil where it saves nothing
}

// embedded are the binary's own assets. They are derived from constants, so
// they are computed once and never change.
var embedded = sync.OnceValues(func() (map[string]*file, error) { return load(static.Files) })

// URL returns the address of an embedded asset by its name: "app.css",
// "app.js", "upload.js", "favicon.svg", "fonts/instrument-sans-latin.woff2".
// An unknown name keeps its plain address, which answers 404; Check finds that
// out at start.
func URL(name string) string {
	files, err := embedded()
	if err != nil {
		return Prefix + name
	}
	f, ok := files[name]
	if !ok {
		return Prefix + name
	}
	return Prefix + f.hashed
}

// Check returns an error when the embedded assets cannot be served.
func Check() error {
	files, err := embedded()
	if err != nil {
		return err
	}
	for _, name := range []string{"app.css", "app.js", "upload.js", "favicon.svg"} {
		if files[name] == nil {
			return fmt.Errorf("the asset %s is not embedded: run go generate ./web/assets", name)
		}
	}
	return nil
}

// fontURL finds the addresses that the stylesheet leaves to the server.
var fontURL = regexp.MustCompile(`url\("?(fonts/[a-z0-9-]+\.woff2)"?\)`)

// load reads every asset below root and computes names. Fonts come first: the
// stylesheet contains their hashed names, so its own hash depends on theirs.
func load(root fs.FS) (map[string]*file, error) {
	var names []string
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && served(p) {
			names = append(names, p)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read assets: %w", err)
	}
	files := make(map[string]*file, len(names))
	for _, styles := range []bool{false, true} {
		for _, p := range names {
			if (path.Ext(p) == ".css") != styles {
				continue
			}
			content, err := fs.ReadFile(root, p)
			if err != nil {
				return nil, fmt.Errorf("read assets: %w", err)
			}
			if styles {
				content = withFonts(content, files)
			}
			f, err := newFile(strings.TrimPrefix(p, "dist/"), content)
			if err != nil {
				return nil, err
			}
			files[f.name] = f
		}
	}
	return files, nil
}

// served tells what is public from the sources that lie beside it on disk.
func served(p string) bool {
	return strings.HasPrefix(p, "dist/") || strings.HasPrefix(p, "fonts/") || strings.HasPrefix(p, "sample/") || p == "favicon.svg" ||
		strings.HasPrefix(p, "vendor/") && path.Base(p) == "LICENSE"
}

func withFonts(css []byte, files map[string]*file) []byte {
	return fontURL.ReplaceAllFunc(css, func(match []byte) []byte {
		if f, ok := files[string(fontURL.FindSubmatch(match)[1])]; ok {
			return []byte("url(" + f.hashed + ")")
		}
		return match
	})
}

func newFile(name string, content []byte) (*file, error) {
	sum := sha256.Sum256(content)
	hash := strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:12]
	ext := path.Ext(name)
	f := &file{
		name:   name,
		hashed: strings.TrimSuffix(name, ext) + "." + hash + ext,
		kind:   contentType(ext),
		etag:   `"` + hash + `"`,
		plain:  content,
	}
	if ext == ".woff2" {
		return f, nil // compressed already
	}
	packed, err := pack(content)
	if err != nil {
		return nil, fmt.Errorf("compress %s: %w", name, err)
	}
	if len(packed) < len(content) {
		f.packed = packed
	}
	return f, nil
}

func pack(content []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func contentType(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	default:
		return "text/plain; charset=utf-8"
	}
}
