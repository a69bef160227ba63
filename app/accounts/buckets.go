package accounts

import "github.com/google/uuid"

// Attempts are counted for the lock that they are made at, in a bucket of its
// own. How many come from one address of the net is the route's to bound.

// loginBucket counts passwords for an address of mail, whether it has an account
// or not. A browser that the person has signed in with before counts by itself,
// so that others' attempts do not keep it out.
func loginBucket(key string, browser uuid.UUID) string {
	switch {
	case browser != uuid.Nil:
		return "browser:" + browser.String()
	case key == "":
		return "" // no address at all: nothing can be guessed
	}
	return "account:" + digest(key)
}

// proofBucket counts passwords and codes that a session is asked for once more.
func proofBucket(session uuid.UUID) string { return "proof:" + session.String() }

// codeBucket counts codes of the second step.
func codeBucket(user, browser uuid.UUID) string {
	if browser != uuid.Nil {
		return "code:" + browser.String()
	}
	return "code:" + user.String()
}
