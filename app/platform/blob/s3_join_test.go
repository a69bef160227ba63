package blob

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/s3test"
)

// between puts a handler between a store and its server. It gets the way that
// leads on.
func between(t *testing.T, server *s3test.Server, c S3, handler func(w http.ResponseWriter, r *http.Request, on http.Handler)) *bucket {
	t.Helper()
	u, err := url.Parse(server.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	// The host stays as it is: it is part of what is signed.
	on := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = u.Scheme, u.Host, r.In.Host
	}}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler(w, r, on) }))
	t.Cleanup(front.Close)
	c.Endpoint, c.Region, c.Bucket, c.AccessKey, c.SecretKey = front.URL, server.Region, server.Bucket, server.AccessKey, server.SecretKey
	return openBucket(t, c)
}

// joins tells whether a request joins parts.
func joins(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.Query().Has("uploadId")
}

// begun sends all parts of an object.
func begun(t *testing.T, s *bucket, key string) (handle string, size int64) {
	t.Helper()
	handle, err := s.BeginParts(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	for number, part := range [][]byte{make([]byte, partSize), []byte("the rest")} {
		if err := s.PutPart(t.Context(), key, handle, number+1, bytes.NewReader(part), int64(len(part))); err != nil {
			t.Fatal(err)
		}
		size += int64(len(part))
	}
	return handle, size
}

// TestS3_joiningTakesLong lets the server be silent for longer than a connection
// may be otherwise, as it is while it joins a large film.
func TestS3_joiningTakesLong(t *testing.T) {
	t.Parallel()
	const patience = 2 * time.Second
	var asked atomic.Int32
	server := s3test.New(t)
	s := between(t, server, S3{Patience: patience, Joining: time.Minute}, func(w http.ResponseWriter, r *http.Request, on http.Handler) {
		if joins(r) {
			asked.Add(1)
			<-time.After(3 * patience)
		}
		on.ServeHTTP(w, r)
	})
	const key = "original/film"
	patient := onS3(t, server)
	handle, size := begun(t, patient, key)
	if err := s.JoinParts(t.Context(), key, handle, size); err != nil {
		t.Error(err)
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("it was asked %d times", n)
	}
	if got := read(t, patient, key); int64(len(got)) != size {
		t.Errorf("the object has %d of %d bytes", len(got), size)
	}
}

// TestS3_joiningIsAskedOnce loses the answer, or the question. In the first case
// the object is there and found, in the second the parts are, for the next try;
// what was there under the name before is never taken for it.
func TestS3_joiningIsAskedOnce(t *testing.T) {
	t.Parallel()
	for name, lost := range map[string]struct{ answer bool }{"the answer": {true}, "the question": {false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked, broken atomic.Int32
			s := between(t, s3test.New(t), S3{Patience: 10 * time.Second}, func(w http.ResponseWriter, r *http.Request, on http.Handler) {
				if !joins(r) || broken.Load() == 0 {
					on.ServeHTTP(w, r)
					return
				}
				asked.Add(1)
				if lost.answer {
					on.ServeHTTP(httptest.NewRecorder(), r)
				}
				panic(http.ErrAbortHandler) // the line breaks
			})
			const key = "original/film"
			before, size := begun(t, s, key)
			if err := s.JoinParts(t.Context(), key, before, size); err != nil {
				t.Fatal(err)
			}
			handle, _ := begun(t, s, key)
			broken.Store(1)
			err := s.JoinParts(context.Background(), key, handle, size)
			if lost.answer && err != nil || !lost.answer && !fault.Is(err, fault.Unavailable) {
				t.Errorf("joining gave %v", err)
			}
			if n := asked.Load(); n != 1 {
				t.Errorf("it was asked %d times", n)
			}
			broken.Store(0)
			if err := s.JoinParts(t.Context(), key, handle, size); err != nil {
				t.Errorf("the next time: %v", err)
			}
		})
	}
}

// TestS3_sizeFetchesNothing asks for sizes: no byte of the object comes over.
func TestS3_sizeFetchesNothing(t *testing.T) {
	t.Parallel()
	var fetched atomic.Int32
	s := between(t, s3test.New(t), S3{}, func(w http.ResponseWriter, r *http.Request, on http.Handler) {
		if r.Method == http.MethodGet && !r.URL.Query().Has("uploadId") {
			fetched.Add(1)
		}
		on.ServeHTTP(w, r)
	})
	const key = "original/film"
	handle, want := begun(t, s, key)
	for range 2 { // the second time it is found by its size
		if err := s.JoinParts(t.Context(), key, handle, want); err != nil {
			t.Fatal(err)
		}
	}
	if size, err := s.Size(t.Context(), key); err != nil || size != want {
		t.Errorf("it has %d of %d bytes: %v", size, want, err)
	}
	if n := fetched.Load(); n != 0 {
		t.Errorf("the object was fetched %d times", n)
	}
}
