package accounts

import "vitrine/app/accounts/tokens"

type (
	// Scope is something that a token of a program may do. The Service has the use
	// cases of tokens from their own package.
	Scope = tokens.Scope
	// ScopeList is scopes as they are stored.
	ScopeList = tokens.ScopeList
	// APIToken is a token as its person sees it after it was made.
	APIToken = tokens.APIToken
	// Bearer is who a request with a token comes from.
	Bearer = tokens.Bearer
	// NewToken is the form for a token.
	NewToken = tokens.NewToken
	// TokenMade tells that a person has a new token.
	TokenMade = tokens.TokenMade
)

// Their scopes and limits.
const (
	ReadWorks  = tokens.ReadWorks
	WriteWorks = tokens.WriteWorks
	WriteMedia = tokens.WriteMedia

	TokenNameLimit  = tokens.TokenNameLimit
	TokenDays       = tokens.TokenDays
	TokenDaysMost   = tokens.TokenDaysMost
	TokensPerPerson = tokens.TokensPerPerson
	TokenPrefix     = tokens.TokenPrefix
	TokenPattern    = tokens.TokenPattern
)

// Scopes in the order of forms and of the stored text.
var Scopes = tokens.Scopes

// TokenShaped tells whether a string can be a token at all.
func TokenShaped(s string) bool { return tokens.TokenShaped(s) }
