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

// Renamed tells that a person has another name.
type Renamed struct {
	UserID uuid.UUID `json:"user_id"`
}

// EventName names the event.
func (Renamed) EventName() string { return "accounts.renamed.v1" }

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

// Security is something about an account that its person should hear of.
type Security string

// What people hear of.
const (
	FactorOn     Security = "second_factor_on"
	FactorOff    Security = "second_factor_off"
	CodesMade    Security = "recovery_codes_made"
	CodeUsed     Security = "recovery_code_used"
	CodesGuessed Security = "codes_guessed" // the password was right, and several codes were wrong
	NewBrowser   Security = "new_browser"   // a sign-in from a browser that was not known
)

// SecurityNoted tells what a person should hear of.
type SecurityNoted struct {
	UserID uuid.UUID `json:"user_id"`
	What   Security  `json:"what"`
	Device string    `json:"device,omitempty"` // of NewBrowser, in our words
	Left   int       `json:"left,omitempty"`   // of CodeUsed: codes not used yet
}

// EventName names the event.
func (SecurityNoted) EventName() string { return "accounts.security_noted.v1" }

// AddressAsked tells that a person wishes to have another address. It comes for
// addresses that have an account, too.
type AddressAsked struct {
	ChangeID uuid.UUID `json:"change_id"`
}

// EventName names the event.
func (AddressAsked) EventName() string { return "accounts.address_asked.v1" }

// AddressChanged tells that a person has another address.
type AddressChanged struct {
	ChangeID uuid.UUID `json:"change_id"`
}

// EventName names the event.
func (AddressChanged) EventName() string { return "accounts.address_changed.v1" }

// AddressRestored tells that a person has their former address again, and no
// password.
type AddressRestored struct {
	UserID uuid.UUID `json:"user_id"`
}

// EventName names the event.
func (AddressRestored) EventName() string { return "accounts.address_restored.v1" }
