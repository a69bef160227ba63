package main

import (
	"context"
	"io"
	"net"
	"sync/atomic"

	"github.com/emersion/go-smtp"
)

// sink is a mail server that takes every mail and forgets it.
type sink struct {
	addr   string
	server *smtp.Server
	taken  *atomic.Int64
}

// openSink listens on a free port of loopback.
func openSink() (*sink, error) {
	s := &sink{addr: "127.0.0.1:0", taken: &atomic.Int64{}}
	err := s.open()
	return s, err
}

// open listens, on the same port again after close.
func (s *sink) open() error {
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

func (s *sink) close() { _ = s.server.Close() }

func (s *sink) url() string { return "smtp://" + s.addr }

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
