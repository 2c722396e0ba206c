package graphtest

import (
	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// World names the objects that exist when a Server starts. The ids and tokens are
// the same in every run; WithSeed changes them.
type World struct {
	App       wagraph.AppID
	AppSecret wagraph.Secret
	// Version is the API version of Meta's guides. The Server serves v21.0 to v26.0.
	Version string
	// Business is the partner's own portfolio.
	Business wagraph.BusinessID
	// Admin sees all accounts of the portfolio. Employee sees only the accounts
	// that it is assigned to: at the start, none.
	Admin, Employee SystemUser
	CreditLine      wagraph.CreditLineID
	// OwnedWABAs are the partner's own accounts. ClientWABAs are the accounts that
	// clients share with it. Both lists have the newest first.
	OwnedWABAs, ClientWABAs []wagraph.WABAID
	ClientBusinesses        []wagraph.BusinessID
	Numbers                 []wagraph.PhoneNumberID
	// Certified is a number with an approved name and a certificate. Renamed has an
	// approved new name and a new certificate, which take effect when it is
	// registered again. Pending was never registered.
	Certified, Renamed, Pending wagraph.PhoneNumberID
	// WithCredit is a client business that the credit line is shared with, under
	// Allocation. The line is not shared with WithoutCredit.
	WithCredit, WithoutCredit wagraph.BusinessID
	Allocation                wagraph.AllocationID
	PreVerified               wagraph.PreVerifiedNumberID
}

// SystemUser is a system user with its token.
type SystemUser struct {
	ID    wagraph.SystemUserID
	Token wagraph.Secret
}

// World returns the ids and secrets that exist when the Server starts. Objects
// that WithClients added, and later ones, are not in it.
func (s *Server) World() World {
	if s == nil {
		return World{}
	}
	w := s.simulator().World()
	return World{
		App: wagraph.AppID(w.AppID), AppSecret: wagraph.NewSecret(w.AppSecret), Version: w.Version,
		Business:   wagraph.BusinessID(w.BusinessID),
		Admin:      SystemUser{wagraph.SystemUserID(w.AdminID), wagraph.NewSecret(w.AdminToken)},
		Employee:   SystemUser{wagraph.SystemUserID(w.EmployeeID), wagraph.NewSecret(w.EmployeeToken)},
		CreditLine: wagraph.CreditLineID(w.CreditLineID),
		OwnedWABAs: typed[wagraph.WABAID](w.OwnedWABAs), ClientWABAs: typed[wagraph.WABAID](w.ClientWABAs),
		ClientBusinesses: typed[wagraph.BusinessID](w.ClientBusinesses),
		Numbers:          typed[wagraph.PhoneNumberID](w.Numbers),
		Certified:        wagraph.PhoneNumberID(w.CertifiedNumberID),
		Renamed:          wagraph.PhoneNumberID(w.RenamedNumberID),
		Pending:          wagraph.PhoneNumberID(w.PendingNumberID),
		WithCredit:       wagraph.BusinessID(w.SharedBusinessID), WithoutCredit: wagraph.BusinessID(w.UnsharedBusinessID),
		Allocation: wagraph.AllocationID(w.AllocationID), PreVerified: wagraph.PreVerifiedNumberID(w.PreVerifiedNumberID),
	}
}

// SeedPIN returns the two-step PIN of the numbers that are registered when a
// Server starts.
func SeedPIN() wagraph.Secret { return wagraph.NewSecret(graphsim.SeedPIN) }

func typed[ID ~string](ids []string) []ID {
	out := make([]ID, len(ids))
	for i, id := range ids {
		out[i] = ID(id)
	}
	return out
}
