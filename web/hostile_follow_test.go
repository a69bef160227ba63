package web_test

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// mark is in every value, so that it can be found wherever it went.
const mark = "MARKED"

// injections are values that break out of what shows them: markup, attributes,
// scripts, feeds, sheets, mails. Each goes into every text field of every form.
var injections = map[string]string{
	"markup":    `"><xss-mark onmouseover=alert(1)>` + mark + `</xss-mark><script>alert(1)</script><img src=x onerror=alert(1)><base href=//evil.example>`,
	"attribute": `' autofocus onfocus='alert(1)' style='x' {{7*7}}${7*7}<%=7*7%> ` + mark + ` x='" onload="y`,
	"link":      `javascript:alert(1)//` + mark,
	"script":    `</script></title></textarea></style><script>alert(1)</script><!--` + mark,
	"formula":   `=HYPERLINK("http://evil.example";"` + mark + `")`,
	"minus":     `-2+3+cmd|' /C calc'!A0 ` + mark,
	"bidi":      "\u202e" + mark + "\u2066\u202d",
	"null":      "a\x00" + mark + "\x01\x1b[31m",
	"feed":      `]]><script>alert(1)</script>` + mark + `&lt;b&gt;&#60;i&#62;`,
	"lines":     mark + "\r\nBcc: evil@evil.example\r\nContent-Type: text/html\r\n\r\n<b>x</b>",
	"long":      strings.Repeat(mark+" 長い ", 1200),
}

// asked is a form of a page as somebody met it.
type asked struct {
	who, page, action string
	values            url.Values
	text              []string // names of the fields that people type into
	most              map[string]int
}

// formsOf are the forms of a page that have something to type into.
func formsOf(v view, who, page string) (out []asked) {
	v.Find("form").Each(func(_ int, f *goquery.Selection) {
		a := asked{who: who, page: page, action: f.AttrOr("action", page), values: url.Values{}, most: map[string]int{}}
		f.Find("input[name], textarea[name], select[name]").Each(func(_ int, field *goquery.Selection) {
			a.add(field)
		})
		if button := f.Find("button[name][value], input[type=submit][name]").First(); button.Length() == 1 {
			a.values.Set(button.AttrOr("name", ""), button.AttrOr("value", ""))
		}
		if strings.EqualFold(f.AttrOr("method", "get"), "post") && len(a.text) > 0 {
			out = append(out, a)
		}
	})
	return out
}

func (a *asked) add(field *goquery.Selection) {
	name, kind := field.AttrOr("name", ""), field.AttrOr("type", "text")
	_, checked := field.Attr("checked")
	switch {
	case field.Is("textarea"):
		a.values.Set(name, strings.TrimPrefix(field.Text(), "\n"))
		a.text = append(a.text, name)
	case field.Is("select"):
		a.values.Set(name, field.Find("option[selected]").AttrOr("value", field.Find("option").First().AttrOr("value", "")))
	case kind == "checkbox" || kind == "radio":
		if checked {
			a.values.Add(name, field.AttrOr("value", "on"))
		}
	case kind == "file" || kind == "submit" || kind == "button" || kind == "image":
	case kind == "password":
		a.values.Set(name, password)
	default:
		a.values.Set(name, field.AttrOr("value", ""))
		if kind != "hidden" {
			a.text = append(a.text, name)
		}
	}
	if n := 0; field.AttrOr("maxlength", "") != "" {
		if _, err := fmt.Sscan(field.AttrOr("maxlength", ""), &n); err == nil {
			a.most[name] = n
		}
	}
}

// name says which form it is, whatever its values.
func (a asked) name() string { return a.who + " " + a.action + " " + strings.Join(a.text, ",") }

// with gives the form with a value in some of its fields, cut as a browser cuts.
func (a asked) with(value string, fields ...string) url.Values {
	out := url.Values{}
	for name, values := range a.values {
		out[name] = values
	}
	for _, name := range fields {
		runes := []rune(value)
		if n := a.most[name]; n > 0 && len(runes) > n {
			runes = runes[:n]
		}
		out.Set(name, string(runes))
	}
	return out
}

// pagesOf are the addresses of the table that can be looked at, and the page on
// which a public work is edited.
func (h *house) pagesOf(t *testing.T) (out []string) {
	t.Helper()
	for route, l := range h.table(t) {
		if strings.HasPrefix(route, "GET ") && !strings.HasPrefix(l.path, "/assets/") && !strings.HasPrefix(l.path, "/dev/ui") && !strings.HasPrefix(l.path, "/docs/") {
			out = append(out, l.path)
		}
	}
	slices.Sort(out)
	return append(out, "/studio/"+h.slug+"/works/"+h.hung.PublicID, "/studio/"+h.slug+"?state=published")
}

// TestForms_injectionsAreFollowed puts each value into every text field of every
// form that visitors, members and administrators meet, found by walking the
// pages, and then looks for it on every page, in every feed, mail, sheet and JSON
// answer: it is text everywhere.
func TestForms_injectionsAreFollowed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	people := []string{"visitor", "owner", "root"}
	forms, found := map[string]bool{}, map[string]bool{}
	last := []asked{} // those of administrators: they shut others out
	for name, value := range injections {
		seen := map[string]bool{}
		for _, who := range people {
			for _, page := range h.pagesOf(t) {
				for _, f := range formsOf(h.ask(t, who, http.MethodGet, page, nil), who, page) {
					forms[f.name()] = true
					switch {
					case seen[f.name()]:
					case strings.HasPrefix(f.action, "/admin/"):
						last = append(last, f)
					default:
						h.inject(t, name, value, f)
					}
					seen[f.name()] = true
				}
			}
		}
		h.follow(t, name, []string{"visitor", "owner"}, found)
	}
	for _, name := range []string{"markup", "formula", "bidi", "lines"} {
		for _, f := range last {
			h.inject(t, name+" (administration)", injections[name], f)
		}
		h.follow(t, name+" (administration)", people, found)
	}
	t.Logf("%d forms; values were met again at %v", len(forms), sortedSet(found))
	if len(forms) < 15 || len(found) < 12 {
		t.Errorf("only %d forms, and values at %d places", len(forms), len(found))
	}
}

func sortedSet(m map[string]bool) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// inject sends a form with the value in all its fields, and when that is refused
// in each of them alone.
func (h *house) inject(t *testing.T, name, value string, f asked) {
	t.Helper()
	send := func(fields ...string) int {
		h.Exec(t, "delete from throttles")
		v := h.ask(t, f.who, http.MethodPost, f.action, f.with(value, fields...))
		where := fmt.Sprintf("%s as %s, %s in %v", f.action, f.who, name, fields)
		h.checkHostile(t, where, f.who, v)
		checkInert(t, where, v)
		return v.status
	}
	if send(f.text...) == http.StatusSeeOther || len(f.text) == 1 {
		return
	}
	for _, field := range f.text {
		send(field)
	}
}

// follow looks at everything that may show the value.
func (h *house) follow(t *testing.T, name string, people []string, found map[string]bool) {
	t.Helper()
	h.index(t)
	h.deliverMails(t)
	for _, who := range people {
		for _, page := range h.pagesOf(t) {
			where := fmt.Sprintf("%s as %s, after %s", page, who, name)
			v := h.ask(t, who, http.MethodGet, page, nil)
			if v.status == http.StatusMovedPermanently && strings.HasPrefix(v.location, "/") { // what was renamed
				v = h.ask(t, who, http.MethodGet, v.location, nil)
			}
			if v.status >= 500 {
				t.Errorf("%s: %d %.200s", where, v.status, v.text())
			}
			kind := v.header.Get("Content-Type")
			if (strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, "application/json") || strings.Contains(kind, "atom")) && strings.ContainsAny(v.body, "\u202a\u202d\u202e\u2066\x1b") {
				t.Errorf("%s: what is stored turns the text after it around, or drives a terminal", where)
			}
			if strings.Contains(v.body, mark) {
				path, _, _ := strings.Cut(page, "?")
				found[who+" "+strings.Split(kind, ";")[0]+" "+path] = true
			}
			switch {
			case strings.HasPrefix(kind, "text/html"):
				checkInert(t, where, v)
			case strings.Contains(kind, "atom"):
				checkFeed(t, where, v.body)
			case strings.Contains(kind, "json"):
				if !json.Valid([]byte(v.body)) || strings.Contains(v.body, "<script") {
					t.Errorf("%s: no JSON that is safe everywhere: %.200s", where, v.body)
				}
			case strings.HasPrefix(kind, "text/csv"):
				checkSheet(t, where, v.body)
			}
		}
	}
	h.checkMails(t, name, found)
}

// checkInert holds a page to what our views make: no script of its own, no
// handlers, no link that runs something.
func checkInert(t *testing.T, where string, v view) {
	t.Helper()
	if n := v.Find("xss-mark, base, object, embed, iframe, meta[http-equiv=refresh], [style], [autofocus][onfocus], img[src=x]").Length(); n > 0 {
		t.Errorf("%s: the value became markup", where)
	}
	v.Find("script").Each(func(_ int, s *goquery.Selection) {
		_, src := s.Attr("src")
		kind := s.AttrOr("type", "")
		if !src && kind != "application/ld+json" && kind != "speculationrules" && kind != "application/json" {
			t.Errorf("%s: a script that is not ours: %.100s", where, s.Text())
		}
		if !src && !json.Valid([]byte(s.Text())) {
			t.Errorf("%s: a block of data that is no JSON: %.200s", where, s.Text())
		}
	})
	v.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("%s: the handler %s on %s", where, a.Key, s.Nodes[0].Data)
			}
			switch a.Key {
			case "href", "src", "action", "formaction", "poster", "xlink:href":
				u, err := url.Parse(strings.TrimSpace(a.Val))
				if err != nil || !slices.Contains([]string{"", "http", "https", "mailto"}, u.Scheme) {
					t.Errorf("%s: %s of %s leads to %.80q", where, a.Key, s.Nodes[0].Data, a.Val)
				}
			}
		}
	})
	if strings.ContainsRune(v.body, 0) {
		t.Errorf("%s: the page holds characters that are none", where)
	}
}

// checkFeed reads the whole feed, as readers do.
func checkFeed(t *testing.T, where, body string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(body))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("%s: %v", where, err)
			return
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Space != "http://www.w3.org/2005/Atom" && e.Name.Space != "http://www.w3.org/1999/xhtml" && e.Name.Local != "script" {
			t.Errorf("%s: an element %s of %q", where, e.Name.Local, e.Name.Space)
		} else if ok && (e.Name.Local == "script" || e.Name.Local == "xss-mark") {
			t.Errorf("%s: the value became the element %s", where, e.Name.Local)
		}
	}
}

// checkSheet reads a sheet, in which no cell may be taken for a formula.
func checkSheet(t *testing.T, where, body string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		t.Errorf("%s: %v", where, err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r\n|%", rune(cell[0])) {
				t.Errorf("%s: the cell %.80q runs in a sheet", where, cell)
			}
		}
	}
}

// checkMails looks at all mails, in text and in HTML.
func (h *house) checkMails(t *testing.T, name string, found map[string]bool) {
	t.Helper()
	rows, err := h.Owner.QueryContext(t.Context(), "select kind, recipient, subject, text, html from mails")
	must(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var kind, recipient, subject, text, html string
		must(t, rows.Scan(&kind, &recipient, &subject, &text, &html))
		where := "the mail " + kind + ", after " + name
		if strings.ContainsAny(subject+recipient, "\r\n\x00\u202e") {
			t.Errorf("%s: its subject or address has more than a line: %q %q", where, subject, recipient)
		}
		if strings.Contains(text, mark) || strings.Contains(subject, mark) {
			found["mail "+kind] = true
		}
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
		must(t, err)
		doc.Find("style").Remove()
		doc.Find("[style]").RemoveAttr("style") // mails have no stylesheet
		body, err := doc.Html()
		must(t, err)
		checkInert(t, where, view{page: func() *goquery.Document { return doc }, body: body})
	}
	must(t, rows.Err())
}
