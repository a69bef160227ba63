package web

import (
	"context"
	"io"
	"net/http"

	"github.com/google/uuid"
	tusd "github.com/tus/tusd/v2/pkg/handler"
	"golang.org/x/exp/slog"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/studios"
)

type tusHandler = tusd.UnroutedHandler

// newUploads makes the handler of the tus protocol. It knows no studio: the
// route does, and uploads below puts it into the context.
func newUploads(files *media.Service) (*tusHandler, error) {
	return tusd.NewUnroutedHandler(tusd.Config{
		StoreComposer:   files.Composer(),
		MaxSize:         media.MaxVideoBytes, // photos have a limit of their own, see media.Begin
		BasePath:        "/",
		DisableDownload: true,
		Cors:            &tusd.CorsConfig{Disable: true}, // our own pages alone
		// Requests are logged by route like all others; tusd would log file names.
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
}

// uploads is the whole tus protocol of one studio:
//
//	POST   /studio/{slug}/uploads/      begins an upload
//	HEAD   /studio/{slug}/uploads/{id}  tells how much has arrived
//	PATCH  /studio/{slug}/uploads/{id}  brings the next bytes
//	DELETE /studio/{slug}/uploads/{id}  cancels
//
// Every request is authorised anew. A failure is a status and one sentence,
// which the script shows at the file.
func (s *Server) uploads(c *Context) error {
	sender, err := s.sender(c)
	if err != nil {
		return c.SayPlainly(err)
	}
	r := c.Request()
	r, release := s.untilDrained(r.WithContext(media.WithSender(r.Context(), sender)))
	defer release()
	uploadID := c.Param("upload")
	// tusd takes the whole path for the id.
	r.URL.Path = "/" + uploadID
	var serve http.HandlerFunc
	switch known := uploadID != ""; {
	case r.Method == http.MethodPost && !known:
		serve = s.tus.PostFile
	case r.Method == http.MethodHead && known:
		serve = s.tus.HeadFile
	case r.Method == http.MethodPatch && known:
		serve = s.tus.PatchFile
	case r.Method == http.MethodDelete && known:
		serve = s.tus.DelFile
	case r.Method == http.MethodOptions:
		serve = func(http.ResponseWriter, *http.Request) {} // the middleware answers
	default:
		return c.SayPlainly(fault.New(fault.NotFound, "There is nothing here to open; this address takes files."))
	}
	s.tus.Middleware(serve).ServeHTTP(&nextTo{ResponseWriter: c.Response(), base: "/studio/" + c.Param("slug") + "/uploads/"}, r)
	return nil
}

// sending is what uploads under way have in common: that they end when the
// process is drained, with a reason that browsers understand.
type sending struct {
	uploading  context.Context //nolint:containedctx // it is no request's
	endUploads context.CancelCauseFunc
}

func newSending() (s sending) {
	s.uploading, s.endUploads = context.WithCancelCause(context.Background())
	return s
}

// Drain sends away what would outlast every request: uploads under way end with
// what has arrived, and open pages are told when to connect again. Both go on
// where they were, at another process. It returns when all pages have left, or
// cuts them when ctx ends. Whoever runs the server calls it once nobody is sent
// here any more.
func (s *Server) Drain(ctx context.Context) {
	s.endUploads(tusd.ErrServerShutdown)
	s.live.Drain(ctx)
}

// untilDrained gives a request whose body ends when the process does.
func (s *Server) untilDrained(r *http.Request) (_ *http.Request, release func()) {
	ctx, end := context.WithCancelCause(r.Context())
	body := &untilEnd{ReadCloser: r.Body, over: s.uploading, end: end}
	r = r.WithContext(ctx)
	r.Body = body
	return r, func() {
		if body.stop != nil {
			body.stop()
		}
		end(nil)
	}
}

// untilEnd is a body that says from its first byte on when it has to end: tusd
// can end only one that is being read, and nobody begins to read after the end.
type untilEnd struct {
	io.ReadCloser
	over context.Context //nolint:containedctx // of the process's uploads
	end  context.CancelCauseFunc
	stop func() bool
}

func (b *untilEnd) Read(p []byte) (int, error) {
	if b.stop == nil {
		b.stop = context.AfterFunc(b.over, func() { b.end(context.Cause(b.over)) })
	}
	if b.over.Err() != nil {
		return 0, context.Cause(b.over)
	}
	return b.ReadCloser.Read(p)
}

// sender is who sends, if they may: a member of the studio who edits.
func (s *Server) sender(c *Context) (media.Sender, error) {
	v, err := c.RequireViewer()
	if err != nil {
		return media.Sender{}, err
	}
	m, _ := v.Member(c.Param("slug"))
	if err := m.Role.Check(studios.EditWorks); err != nil {
		return media.Sender{}, err
	}
	if id := c.Param("upload"); id != "" {
		if _, err := uuid.Parse(id); err != nil {
			return media.Sender{}, fault.New(fault.NotFound, "There is no such upload. Choose the file again.")
		}
	}
	return media.Sender{StudioID: m.StudioID, UserID: v.UserID}, nil
}

// nextTo makes tusd's Location a path of this site. tusd would build a URL from
// the request, and behind a proxy it guesses host and scheme wrong.
type nextTo struct {
	http.ResponseWriter
	base string
}

// WriteHeader sends the headers.
func (w *nextTo) WriteHeader(status int) {
	if l := w.Header().Get("Location"); l != "" {
		id := l[len(l)-len(uuid.Nil.String()):]
		w.Header().Set("Location", w.base+id)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection: tusd moves its
// deadlines on while bytes arrive.
func (w *nextTo) Unwrap() http.ResponseWriter { return w.ResponseWriter }
