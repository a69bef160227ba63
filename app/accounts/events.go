package accounts

import "github.com/google/uuid"

// SetupCompleted tells that the installation has its administrator.
type SetupCompleted struct {
	UserID   uuid.UUID `json:"user_id"`
	StudioID uuid.UUID `json:"studio_id"`
	Demo     bool      `json:"demo"` // whether demo data was asked for
}

// EventName names the event.
func (SetupCompleted) EventName() string { return "accounts.setup_completed.v1" }

// Registered tells that a sign-up waits for its address to be proven. It comes
// for known addresses too, and again when another link is asked for.
type Registered struct {
	SignupID uuid.UUID `json:"signup_id"`
}

// EventName names the event.
func (Registered) EventName() string { return "accounts.registered.v1" }

// Verified tells that an account exists.
type Verified struct {
	UserID   uuid.UUID `json:"user_id"`
	StudioID uuid.UUID `json:"studio_id"` // the personal studio
}

// EventName names the event.
func (Verified) EventName() string { return "accounts.verified.v1" }

// ResetAsked tells that somebody asked for a new password. UserID is nil when
// the address has no account: the event is written all the same, so that both
// cases take the same time.
type ResetAsked struct {
	UserID *uuid.UUID `json:"user_id"`
}

// EventName names the event.
func (ResetAsked) EventName() string { return "accounts.reset_asked.v1" }

// PasswordChanged tells that a person has a new password.
type PasswordChanged struct {
	UserID uuid.UUID `json:"user_id"`
}

// EventName names the event.
func (PasswordChanged) EventName() string { return "accounts.password_changed.v1" }
