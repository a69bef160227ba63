// Package sink is a mail server for measurements.
package sink

import (
	"context"
	"io"
	"net"
	"sync/atomic"

	"github.com/emersion/go-smtp"
)

// Server takes every mail and forgets it.
type Server struct {
	addr   string
	server *smtp.Server
	taken  *atomic.Int64
}

// Open listens on a free port of loopback.
func Open() (*Server, error) {
	s := &Server{addr: "127.0.0.1:0", taken: &atomic.Int64{}}
	err := s.Open()
	return s, err
}

// Open listens again, on the same port, after Close.
func (s *Server) Open() error {
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", s.addr)
	if err != nil {
		return err
	}
	s.addr = l.Addr().String()
	s.server = smtp.NewServer(door{s.taken})
	s.server.Domain = "localhost"
	go func(server *smtp.Server) { _ = server.Serve(l) }(s.server)
	return nil
}

// Close refuses connections, until Open.
func (s *Server) Close() { _ = s.server.Close() }

// URL is where mails go.
func (s *Server) URL() string { return "smtp://" + s.addr }

// Taken is how many mails came.
func (s *Server) Taken() int64 { return s.taken.Load() }

// door lets everybody in.
type door struct{ taken *atomic.Int64 }

// NewSession begins a conversation.
func (d door) NewSession(*smtp.Conn) (smtp.Session, error) { return d, nil }

// Mail takes any sender.
func (door) Mail(string, *smtp.MailOptions) error { return nil }

// Rcpt takes any recipient.
func (door) Rcpt(string, *smtp.RcptOptions) error { return nil }

// Data reads the mail and counts it.
func (d door) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	if err == nil {
		d.taken.Add(1)
	}
	return err
}

// Reset forgets what was begun.
func (door) Reset() {}

// Logout ends the conversation.
func (door) Logout() error { return nil }
