package assets

import (
	"io/fs"
	"net/http"
	"os"
	"path"
	"strconv"
	"strings"
)

const (
	forAYear = "public, max-age=31536000, immutable"
	askFirst = "no-cache"
)

// Config says where assets come from.
type Config struct {
	// Dev reads them from web/static below the working directory on every
	// request, and lets nothing be kept. Without that directory the embedded ones
	// are served: a binary that was copied elsewhere still works.
	Dev bool
}

// Assets answers GET and HEAD below Prefix. A name with the right hash may be
// kept for a year. A plain name, or one with the hash of another version (a page
// that was open during a deploy asks for it), gets the present contents and is
// asked for again each time.
type Assets struct {
	live fs.FS // nil: embedded
}

// source is where the files lie in a working copy.
const source = "web/static"

// Open prepares the assets; an error means that the binary was built without
// them.
func Open(c Config) (*Assets, error) {
	if err := Check(); err != nil {
		return nil, err
	}
	a := &Assets{}
	if c.Dev {
		if _, err := os.Stat(source + "/dist"); err == nil {
			a.live = os.DirFS(source)
		}
	}
	return a, nil
}

// URL is the package's URL, for those who hold the Assets.
func (a *Assets) URL(name string) string { return URL(name) }

// ServeHTTP implements http.Handler.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Assets can only be read.", http.StatusMethodNotAllowed)
		return
	}
	files, err := embedded()
	if a.live != nil {
		files, err = load(a.live)
	}
	if err != nil {
		http.Error(w, "The assets cannot be read.", http.StatusInternalServerError)
		return
	}
	f, exact := find(files, strings.TrimPrefix(r.URL.Path, Prefix))
	if f == nil {
		w.Header().Set("Cache-Control", askFirst)
		http.Error(w, "There is no such asset.", http.StatusNotFound)
		return
	}
	f.serve(w, r, exact && a.live == nil)
}

// find looks a request's name up; exact tells that the hash is right.
func find(files map[string]*file, asked string) (f *file, exact bool) {
	if f := files[asked]; f != nil {
		return f, false
	}
	ext := path.Ext(asked)
	rest := strings.TrimSuffix(asked, ext)
	name := strings.TrimSuffix(rest, path.Ext(rest)) + ext
	if f := files[name]; f != nil {
		return f, f.hashed == asked
	}
	// A name without an ending carries its hash last.
	if f := files[rest]; f != nil {
		return f, f.hashed == asked
	}
	return nil, false
}

func (f *file) serve(w http.ResponseWriter, r *http.Request, keep bool) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("ETag", f.etag)
	h.Set("Cache-Control", askFirst)
	if keep {
		h.Set("Cache-Control", forAYear)
	}
	body := f.plain
	if f.packed != nil {
		h.Add("Vary", "Accept-Encoding")
		if AcceptsGzip(r.Header.Get("Accept-Encoding")) {
			h.Set("Content-Encoding", "gzip")
			h.Set("ETag", strings.TrimSuffix(f.etag, `"`)+`-gz"`)
			body = f.packed
		}
	}
	if matches(r.Header.Get("If-None-Match"), h.Get("ETag")) {
		h.Del("Content-Encoding")
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		// The client may have gone away; there is nobody left to tell.
		_, _ = w.Write(body)
	}
}

// AcceptsGzip reads an Accept-Encoding header as far as it decides: gzip or *, not at q=0.
func AcceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(part, ";")
		coding = strings.ToLower(strings.TrimSpace(coding))
		if coding != "gzip" && coding != "*" {
			continue
		}
		q, found := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		if !found {
			return true
		}
		weight, err := strconv.ParseFloat(q, 64)
		return err == nil && weight > 0
	}
	return false
}

// matches compares weakly, as RFC 9110 asks for If-None-Match.
func matches(header, etag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == etag || part == "*" {
			return true
		}
	}
	return false
}
