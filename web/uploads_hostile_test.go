package web_test

import (
	"bytes"
	"encoding/base64"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"vitrine/app/media"
	"vitrine/app/platform/mediatool/mediatest"
)

// hostileFiles are one of each kind of file that may not come in, and what its
// row says; what mediatool refuses in all is tested there.
func hostileFiles(t *testing.T) map[string]struct {
	content []byte
	says    string
} {
	t.Helper()
	photo := mediatest.JPEG(t, 64, 48)
	return map[string]struct {
		content []byte
		says    string
	}{
		"logo.png":     {[]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "SVG files can carry scripts"},
		"holiday.jpg":  {[]byte("\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 100)), "it is a program"},
		"bomb.png":     {mediatest.PNGOf(t, 40_000, 40_000, 1), "40,000 × 40,000 pixels"},
		"both.jpg":     {append(bytes.Clone(photo), mediatest.ZIP(t)...), "also contains an archive"},
		"film.mp4":     {[]byte("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/x.ts\n"), "it is a playlist"},
		"half.jpg":     {photo[:len(photo)/2], "breaks off"},
		"page.jpg":     {[]byte("<!DOCTYPE html><script>alert(1)</script>"), "it is a web page"},
		"noise.heic":   {[]byte{1, 9, 200, 7, 3, 0, 254, 1}, "is of an unknown kind"},
		"pretends.mp4": {[]byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41" + strings.Repeat("x", 200)), "pretends.mp4"},
	}
}

// settle looks at every file that has arrived.
func (g *gallery) settle(t *testing.T) {
	t.Helper()
	rows, err := g.Owner.QueryContext(t.Context(), "select studio_id, id from media where state = 'checking'")
	must(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var f media.Fact
		must(t, rows.Scan(&f.StudioID, &f.MediaID))
		must(t, g.jobs.OnUploaded(t.Context(), envelope(t, media.Uploaded{Fact: f})))
		_ = g.jobs.OnAccepted(t.Context(), envelope(t, media.Accepted{Fact: f})) // refused ones are none of its business
	}
	must(t, rows.Err())
}

// checkRows holds each hostile file to its row and its sentence, and the sound
// one to being fine.
func checkRows(t *testing.T, page view, files map[string]struct {
	content []byte
	says    string
}) {
	t.Helper()
	for name, f := range files {
		row := page.Find(`ol.files > li`).FilterFunction(func(_ int, li *goquery.Selection) bool { return strings.Contains(li.Text(), name) })
		text := strings.Join(strings.Fields(row.Text()), " ")
		state, _ := row.Attr("data-state")
		if row.Length() != 1 || state != "failed" || !strings.Contains(text, f.says) {
			t.Errorf("%s has %d rows in state %q, saying %q", name, row.Length(), state, text)
		}
	}
	sound := page.Find(`ol.files > li[data-state="ready"], ol.files > li[data-state="processing"]`)
	if sound.Length() != 1 || !strings.Contains(sound.Text(), "ridges.jpg") {
		t.Errorf("the sound file: %d rows, %q", sound.Length(), sound.Text())
	}
}

// TestUploads_hostileFilesInAForm: without scripts, in one form with a sound
// file and a text.
func TestUploads_hostileFilesInAForm(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	b := g.member(t, "Teresa", "teresa@example.org")
	slug, _ := g.studioOf(t, "teresa@example.org")
	path := "/studio/" + slug + "/new/0123456789abcdef"
	files := hostileFiles(t)
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	form := b.get(path).fill(t, path, map[string]string{"title": "Ridges in May", "story": "Typed at length."})
	for _, field := range []string{"idempotency_key", "form_key", "edition", "title", "story"} {
		must(t, w.WriteField(field, form.Get(field)))
	}
	add := func(name string, content []byte) {
		part, err := w.CreateFormFile("files", name)
		must(t, err)
		_, err = part.Write(content)
		must(t, err)
	}
	for name, f := range files {
		add(name, f.content)
	}
	add("ridges.jpg", mediatest.JPEG(t, 300, 200))
	add("empty.jpg", nil)
	must(t, w.WriteField("intent", "upload"))
	must(t, w.Close())
	v := b.do(http.MethodPost, path, w.FormDataContentType(), &body)
	if v.status != http.StatusUnprocessableEntity || !strings.Contains(v.text(), "empty.jpg is empty") {
		t.Errorf("%d: %.400s", v.status, v.text())
	}
	g.settle(t)
	page := b.get(path)
	checkRows(t, page, files)
	if page.value("title") != "Ridges in May" || page.value("story") != "Typed at length." {
		t.Errorf("the text is lost: %q, %q", page.value("title"), page.value("story"))
	}
	if n := g.Count(t, "select count(*) from renditions r join media m on m.id = r.media_id where m.filename <> 'ridges.jpg'"); n != 0 {
		t.Errorf("%d renditions were made of hostile files", n)
	}
}

// tusSend is one request of the tus protocol, with what a browser sends.
func (b *browser) tusSend(method, path string, body []byte, headers ...string) view {
	b.t.Helper()
	b.header = http.Header{"Tus-Resumable": {"1.0.0"}}
	kind := ""
	if method == http.MethodPatch {
		kind = "application/offset+octet-stream"
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i+1] == "" {
			b.header.Del(headers[i])
		} else {
			b.header.Set(headers[i], headers[i+1])
		}
	}
	if b.header.Get("Content-Type") != "" {
		kind = ""
	}
	if body == nil {
		return b.do(method, path, kind, nil)
	}
	return b.do(method, path, kind, bytes.NewReader(body))
}

func meta(pairs ...string) string {
	var out []string
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, pairs[i]+" "+base64.StdEncoding.EncodeToString([]byte(pairs[i+1])))
	}
	return strings.Join(out, ",")
}

// TestUploads_hostileFilesByTus: the same files by the protocol, into one draft.
func TestUploads_hostileFilesByTus(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	b := g.member(t, "Teresa", "teresa@example.org")
	slug, _ := g.studioOf(t, "teresa@example.org")
	files := hostileFiles(t)
	send := func(name string, content []byte) {
		v := b.tusSend(http.MethodPost, "/studio/"+slug+"/uploads/", nil, "Upload-Length", strconv.Itoa(len(content)),
			"Upload-Metadata", meta("filename", name, "filetype", "image/jpeg", "draft", "0123456789abcdef"))
		if v.status != http.StatusCreated {
			t.Fatalf("%s: %d %s", name, v.status, v.body)
		}
		if v := b.tusSend(http.MethodPatch, v.location, content, "Upload-Offset", "0"); v.status != http.StatusNoContent {
			t.Fatalf("%s: %d %s", name, v.status, v.body)
		}
	}
	for name, f := range files {
		send(name, f.content)
	}
	send("ridges.jpg", mediatest.JPEG(t, 300, 200))
	g.settle(t)
	b.header = http.Header{}
	checkRows(t, b.get("/studio/"+slug+"/new/0123456789abcdef"), files)
}

// TestUploads_protocolAbuse: whatever is said in the protocol, the answer is a
// status below 500 with words, and nothing is written that was not sent.
func TestUploads_protocolAbuse(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	b := g.member(t, "Teresa", "teresa@example.org")
	_ = g.member(t, "Jon", "jon@example.org")
	slug, _ := g.studioOf(t, "teresa@example.org")
	_, foreign := g.studioOf(t, "jon@example.org")
	base := "/studio/" + slug + "/uploads/"
	long := strings.Repeat("x", 60_000)
	for name, headers := range map[string][]string{
		"no length": {}, "negative": {"Upload-Length", "-1"}, "zero": {"Upload-Length", "0"}, "words": {"Upload-Length", "many"}, "float": {"Upload-Length", "1e3"},
		"largest": {"Upload-Length", "9223372036854775807"}, "larger": {"Upload-Length", "99999999999999999999"}, "3 GB": {"Upload-Length", "3000000000"},
		"deferred": {"Upload-Defer-Length", "1"}, "both": {"Upload-Length", "10", "Upload-Defer-Length", "1"}, "partial": {"Upload-Length", "10", "Upload-Concat", "partial"},
		"final": {"Upload-Concat", "final;" + base + uuid.NewString()}, "old version": {"Upload-Length", "10", "Tus-Resumable", "0.2.2"}, "no version": {"Upload-Length", "10", "Tus-Resumable", ""},
		"a draft of rubbish": {"Upload-Length", "10", "Upload-Metadata", meta("filename", "a.jpg", "draft", "../../x")}, "a draft of 60 KB": {"Upload-Length", "10", "Upload-Metadata", meta("filename", "a.jpg", "draft", long[:40_000])},
		"a key of rubbish": {"Upload-Length", "10", "Upload-Metadata", meta("filename", "a.jpg", "key", "x")}, "a key of NUL": {"Upload-Length", "10", "Upload-Metadata", meta("filename", "a.jpg", "key", "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")},
		"a draft of NUL": {"Upload-Length", "10", "Upload-Metadata", meta("filename", "a.jpg", "draft", "0123456789abcde\x00")}, "a draft of no text": {"Upload-Length", "10", "Upload-Metadata", meta("filename", "a.jpg", "draft", "0123456789abcde\xff")},
	} {
		v := b.tusSend(http.MethodPost, base, nil, headers...)
		if v.status < 400 && name != "partial" || v.status >= 500 && v.status != http.StatusNotImplemented || v.status >= 400 && len(v.body) < 10 {
			t.Errorf("begun with %s: %d %.200q", name, v.status, v.body)
		}
	}
	if n := g.Count(t, "select count(*) from uploads where size <> 10"); n != 0 {
		t.Errorf("%d uploads of no size were begun", n)
	}
	before := g.Count(t, "select count(*) from uploads")
	for name, metadata := range map[string]string{
		"not base64": "filename ====,draft !!!", "no value": "filename", "commas": ",,,, ,", "twice": meta("filename", "a.jpg", "filename", "b.jpg"), "spaces": "   filename   YQ==   ",
		"studio":                 meta("filename", "a.jpg", "studio_id", foreign.String(), "StudioID", foreign.String(), "created_by", foreign.String()),
		"fingerprint of no text": meta("filename", "a.jpg", "fingerprint", "\x00\xff"+long[:1000]), "relative path": meta("filename", "a.jpg", "relativePath", "../../../etc/cron.d/x"),
	} {
		v := b.tusSend(http.MethodPost, base, nil, "Upload-Length", "10", "Upload-Metadata", metadata)
		if v.status >= 500 || v.status == http.StatusCreated && !strings.HasPrefix(v.location, base) {
			t.Errorf("metadata of %s: %d %q %.200q", name, v.status, v.location, v.body)
		}
	}
	if n := g.Count(t, "select count(*) from uploads where studio_id = $1", foreign); n != 0 || g.Count(t, "select count(*) from uploads") == before {
		t.Errorf("%d uploads were begun in another studio", n)
	}
	v := b.tusSend(http.MethodPost, base, nil, "Upload-Length", "10", "Upload-Metadata", meta("filename", "a.jpg"))
	at := v.location
	for name, c := range map[string]struct {
		body    []byte
		headers []string
	}{
		"no offset": {[]byte("x"), nil}, "wrong offset": {[]byte("x"), []string{"Upload-Offset", "5"}}, "negative offset": {[]byte("x"), []string{"Upload-Offset", "-1"}},
		"huge offset": {[]byte("x"), []string{"Upload-Offset", "9223372036854775807"}}, "words": {[]byte("x"), []string{"Upload-Offset", "zero"}},
		"another type": {[]byte("x"), []string{"Upload-Offset", "0", "Content-Type", "text/html"}}, "a checksum": {[]byte("x"), []string{"Upload-Offset", "9", "Upload-Checksum", "md5 x"}},
	} {
		if v := b.tusSend(http.MethodPatch, at, c.body, c.headers...); v.status < 400 || v.status >= 500 || len(v.body) < 10 {
			t.Errorf("sent with %s: %d %.200q", name, v.status, v.body)
		}
	}
	if v := b.tusSend(http.MethodPatch, at, []byte(long), "Upload-Offset", "0"); v.status >= 500 {
		t.Errorf("more than was declared: %d %.200q", v.status, v.body)
	}
	if n := g.Count(t, "select received from uploads where id = $1", at[len(base):]); n > 10 {
		t.Errorf("%d bytes of 10 were taken", n)
	}
	v = b.tusSend(http.MethodPost, base, nil, "Upload-Length", "10", "Upload-Metadata", meta("filename", "gone.jpg"))
	if d := b.tusSend(http.MethodDelete, v.location, nil); d.status != http.StatusNoContent {
		t.Errorf("cancelled: %d", d.status)
	}
	for _, method := range []string{http.MethodHead, http.MethodPatch, http.MethodDelete} {
		if d := b.tusSend(method, v.location, []byte("x"), "Upload-Offset", "0"); d.status != http.StatusNotFound {
			t.Errorf("%s of a cancelled upload: %d", method, d.status)
		}
	}
}

// TestUploads_boundedByNumber: one byte each, a studio cannot begin uploads
// without end.
func TestUploads_boundedByNumber(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	b := g.member(t, "Teresa", "teresa@example.org")
	slug, studio := g.studioOf(t, "teresa@example.org")
	g.Exec(t, `with m as (insert into media (id, studio_id, filename, bytes, created_by, created_at, updated_at)
		select gen_random_uuid(), $1, 'a.jpg', 1, $1, now(), now() from generate_series(1, $2) returning id)
		insert into uploads (id, studio_id, size, created_by, created_at, updated_at, expires_at) select id, $1, 1, $1, now(), now(), now() + interval '1 day' from m`, studio, media.MaxOpen-1)
	for i, want := range []int{http.StatusCreated, http.StatusTooManyRequests} {
		v := b.tusSend(http.MethodPost, "/studio/"+slug+"/uploads/", nil, "Upload-Length", "1", "Upload-Metadata", meta("filename", "a.jpg"))
		if v.status != want || i == 1 && !strings.Contains(v.body, "on their way") {
			t.Errorf("upload %d: %d %s", media.MaxOpen+i, v.status, v.body)
		}
	}
}

// TestUploads_hostileNames: a name is text to be shown, never a path, a header
// or markup, by either way in and on the way out.
func TestUploads_hostileNames(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	b := g.member(t, "Teresa", "teresa@example.org")
	slug, studio := g.studioOf(t, "teresa@example.org")
	content := mediatest.JPEG(t, 20, 10)
	names := map[string]string{
		"path": "../../../../etc/passwd.jpg", "windows path": `C:\Users\x\..\a.jpg`, "RTL": "a\u202egpj.exe", "1,000 characters": strings.Repeat("ü", 1000) + ".jpg", "empty": "", "dots": "..",
		"CRLF": "a\r\nSet-Cookie: pwned=1\r\n\r\n.jpg", "quotes": `a"; filename="evil.exe`, "HTML": `<img src=x onerror=alert(1)>.jpg`, "NUL": "a\x00.jpg", "no text": "\xff\xfe.jpg",
		"emoji": "👩‍👩‍👧‍👦.jpg", "spaces": "   ", "format": "%s%d%n.jpg", "device": "CON", "semicolons": "a;b=c,d.jpg", "SQL": "'; drop table media; --.jpg",
	}
	for title, name := range names {
		draft := uuid.NewString()
		content = append(content, 0) // another file each time
		v := b.tusSend(http.MethodPost, "/studio/"+slug+"/uploads/", nil, "Upload-Length", strconv.Itoa(len(content)), "Upload-Metadata", meta("filename", name, "draft", draft))
		if v.status != http.StatusCreated {
			t.Errorf("%s: %d %s", title, v.status, v.body)
			continue
		}
		id := v.location[strings.LastIndexByte(v.location, '/')+1:]
		if v := b.tusSend(http.MethodPatch, v.location, content, "Upload-Offset", "0"); v.status != http.StatusNoContent {
			t.Errorf("%s: %d %s", title, v.status, v.body)
		}
		b.header = http.Header{}
		checkAnswer(t, b.get("/studio/"+slug+"/new/"+draft), "the page of a file called by "+title)
		original := b.get("/studio/" + slug + "/media/" + id + "/original")
		kind, params, err := mime.ParseMediaType(original.header.Get("Content-Disposition"))
		if original.status != http.StatusOK || err != nil || kind != "attachment" || strings.ContainsAny(params["filename"], "/\\\r\n\x00\u202e") || len([]rune(params["filename"])) > 200 || params["filename"] == "" {
			t.Errorf("%s is given back with %d as %q, %v", title, original.status, original.header.Get("Content-Disposition"), err)
		}
		if original.header.Get("Set-Cookie") != "" && strings.Contains(original.header.Get("Set-Cookie"), "pwned") {
			t.Errorf("%s: the name became a header", title)
		}
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="files"; filename="` + strings.NewReplacer("\r", "%0D", "\n", "%0A", `"`, "%22").Replace(name) + `"`}, "Content-Type": {"image/jpeg"}})
		must(t, err)
		_, err = part.Write(append(content, 1))
		must(t, err)
		must(t, w.Close())
		checkAnswer(t, b.do(http.MethodPost, "/studio/"+slug+"/new/"+draft, w.FormDataContentType(), &body), "a form with a file called by "+title)
	}
	if n := g.Count(t, "select count(*) from media where studio_id = $1 and (filename ~ '[/\\\\\\r\\n]' or char_length(filename) > 200 or filename = '')", studio); n != 0 {
		t.Errorf("%d names are more than text", n)
	}
}
