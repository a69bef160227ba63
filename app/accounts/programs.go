package accounts

import "vitrine/app/accounts/tokens"

// The tokens of programs, whose use cases the Service has from their own package.
type (
	Scope     = tokens.Scope
	ScopeList = tokens.ScopeList
	APIToken  = tokens.APIToken
	Bearer    = tokens.Bearer
	NewToken  = tokens.NewToken
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
