package main

import (
	"io"
	"net"

	"github.com/emersion/go-smtp"
)

// sink takes every mail and forgets it.
type sink struct{}

// NewSession lets everybody in.
func (sink) NewSession(*smtp.Conn) (smtp.Session, error) { return sink{}, nil }

// Mail takes any sender.
func (sink) Mail(string, *smtp.MailOptions) error { return nil }

// Rcpt takes any recipient.
func (sink) Rcpt(string, *smtp.RcptOptions) error { return nil }

// Data reads the mail.
func (sink) Data(r io.Reader) error { _, err := io.Copy(io.Discard, r); return err }

// Reset forgets what was begun.
func (sink) Reset() {}

// Logout ends the session.
func (sink) Logout() error { return nil }

// serveSink listens on a free port of loopback until the process ends.
func serveSink() (url string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	s := smtp.NewServer(sink{})
	s.Domain = "localhost"
	go func() { _ = s.Serve(l) }()
	return "smtp://" + l.Addr().String(), nil
}
