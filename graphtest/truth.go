package graphtest

import (
	"maps"
	"slices"

	"github.com/seed-8fdceacd/wagraph"
)

// Allocation is the truth about an allocation.
type Allocation struct {
	ID       wagraph.AllocationID
	Line     wagraph.CreditLineID
	Business wagraph.BusinessID
	Funding  wagraph.FundingID
	Deleted  bool
	// WABAs are the accounts attached, in order: one that was attached twice
	// is there twice.
	WABAs []wagraph.WABAID
}

// Allocations returns every allocation, deleted ones too.
func (s *Server) Allocations() []Allocation {
	var all []Allocation
	for _, a := range s.sim.Allocations() {
		all = append(all, Allocation{
			ID: wagraph.AllocationID(a.ID), Line: wagraph.CreditLineID(a.CreditLineID),
			Business: wagraph.BusinessID(a.ReceivingBusinessID), Funding: wagraph.FundingID(a.FundingID),
			Deleted: a.Deleted, WABAs: typed[wagraph.WABAID](a.WABAs),
		})
	}
	return all
}

// Subscribers returns the apps subscribed to an account, with the callback that
// each has set, or "".
func (s *Server) Subscribers(id wagraph.WABAID) map[wagraph.AppID]string {
	apps := map[wagraph.AppID]string{}
	for _, sub := range s.sim.Subscriptions(string(id)) {
		apps[wagraph.AppID(sub.AppID)] = sub.OverrideCallbackURI
	}
	return apps
}

// Assigned returns the tasks of each user assigned to an account.
func (s *Server) Assigned(id wagraph.WABAID) map[wagraph.SystemUserID][]string {
	users := map[wagraph.SystemUserID][]string{}
	for user, tasks := range maps.All(s.sim.AssignedUsers(string(id))) {
		users[wagraph.SystemUserID(user)] = slices.Clone(tasks)
	}
	return users
}

// Exchanges counts how often a code was presented.
func (s *Server) Exchanges(code wagraph.Secret) int { return s.sim.Exchanges(code.Reveal()) }

// Registrations counts the registrations of a number that arrived.
func (s *Server) Registrations(id wagraph.PhoneNumberID) int { return s.sim.Registrations(string(id)) }

// Deregistrations counts the deregistrations of a number that arrived.
func (s *Server) Deregistrations(id wagraph.PhoneNumberID) int {
	return s.sim.Deregistrations(string(id))
}

// Secrets returns everything that must never show in a log, an error or a
// database: the app's secret, and every token, code and PIN so far, dead ones
// too. A test searches its output for them.
func (s *Server) Secrets() []wagraph.Secret {
	texts := s.sim.Secrets()
	secrets := make([]wagraph.Secret, len(texts))
	for i, text := range texts {
		secrets[i] = wagraph.NewSecret(text)
	}
	return secrets
}

// Number is the truth about a number.
type Number struct {
	ID                               wagraph.PhoneNumberID
	WABA                             wagraph.WABAID
	Status, VerifiedName, NameStatus string
	NewName, NewNameStatus           string
	CodeVerification                 string
	PINSet                           bool
}

// Number returns a number; false if it is gone.
func (s *Server) Number(id wagraph.PhoneNumberID) (Number, bool) {
	n, ok := s.sim.Number(string(id))
	return Number{
		ID: wagraph.PhoneNumberID(n.ID), WABA: wagraph.WABAID(n.WABAID), Status: n.Status,
		VerifiedName: n.VerifiedName, NameStatus: n.NameStatus, NewName: n.NewName,
		NewNameStatus: n.NewNameStatus, CodeVerification: n.CodeVerification, PINSet: n.PINSet,
	}, ok
}

// Funding returns what pays for an account, "" if nothing does, and its currency.
func (s *Server) Funding(id wagraph.WABAID) (wagraph.FundingID, string) {
	funding, currency := s.sim.Funding(string(id))
	return wagraph.FundingID(funding), currency
}
