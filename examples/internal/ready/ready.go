// Package ready says in words what keeps a number, or the account it is in, from
// sending.
package ready

import (
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// Number is what keeps the number from sending, empty if nothing does.
func Number(n phonenumbers.Number) string {
	switch {
	case n.CanSend():
		return ""
	case n.CodeVerification == phonenumbers.CodeNotVerified:
		return "its ownership is not verified"
	case n.NameStatus == phonenumbers.NameDeclined:
		return "its display name was declined"
	case n.Status == phonenumbers.StatusPending, n.Status == phonenumbers.StatusDisconnected:
		return "it is not registered"
	case n.Status == "":
		return "its status is not known"
	}
	return "its status is " + string(n.Status)
}

// Account is what keeps the account's numbers from sending, empty if nothing does.
func Account(a waba.Account) string {
	switch {
	case a.ReviewStatus == waba.ReviewRejected:
		return "Meta's review rejected the account"
	case a.Status != "" && a.Status != "ACTIVE":
		return "the account's status is " + a.Status
	case a.PrimaryFundingID == "" || a.PrimaryFundingID == "0":
		return "nothing pays for the account"
	}
	return ""
}

// Certificate says how far the number's certificate is.
func Certificate(n phonenumbers.Number) string {
	switch {
	case n.NewCertificate != "":
		return "a new one waits: register the number again"
	case n.NewNameStatus == phonenumbers.NamePending:
		return "ready, and a new name is under review"
	case n.Certificate != "":
		return "ready"
	}
	return "none"
}
