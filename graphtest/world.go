package graphtest

import (
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// World names the objects that exist when a Server starts. The ids and tokens are
// the same in every run; WithSeed changes them.
type World struct {
	App       graph.AppID
	AppSecret graph.Secret
	// Version is the API version of Meta's guides. The Server serves v21.0 to v26.0.
	Version string
	// Business is the partner's own portfolio.
	Business graph.BusinessID
	// Admin sees all accounts of the portfolio. Employee sees only the accounts
	// that it is assigned to: at the start, none.
	Admin, Employee SystemUser
	CreditLine      graph.CreditLineID
	// OwnedWABAs are the partner's own accounts. ClientWABAs are the accounts that
	// clients share with it. Both lists have the newest first.
	OwnedWABAs, ClientWABAs []graph.WABAID
	ClientBusinesses        []graph.BusinessID
	Numbers                 []graph.PhoneNumberID
	// Certified is a number with an approved name and a certificate. Renamed has an
	// approved new name and a new certificate, which take effect when it is
	// registered again. Pending was never registered.
	Certified, Renamed, Pending graph.PhoneNumberID
	// WithCredit is a client business that the credit line is shared with, under
	// Allocation. The line is not shared with WithoutCredit.
	WithCredit, WithoutCredit graph.BusinessID
	Allocation                graph.AllocationID
	PreVerified               graph.PreVerifiedNumberID
}

// SystemUser is a system user with its token.
type SystemUser struct {
	ID    graph.SystemUserID
	Token graph.Secret
}

// World returns the ids and secrets that exist when the Server starts. Objects
// that WithClients added, and later ones, are not in it.
func (s *Server) World() World {
	if s == nil {
		return World{}
	}
	w := s.simulator().World()
	return World{
		App: graph.AppID(w.AppID), AppSecret: graph.NewSecret(w.AppSecret), Version: w.Version,
		Business:   graph.BusinessID(w.BusinessID),
		Admin:      SystemUser{graph.SystemUserID(w.AdminID), graph.NewSecret(w.AdminToken)},
		Employee:   SystemUser{graph.SystemUserID(w.EmployeeID), graph.NewSecret(w.EmployeeToken)},
		CreditLine: graph.CreditLineID(w.CreditLineID),
		OwnedWABAs: typed[graph.WABAID](w.OwnedWABAs), ClientWABAs: typed[graph.WABAID](w.ClientWABAs),
		ClientBusinesses: typed[graph.BusinessID](w.ClientBusinesses),
		Numbers:          typed[graph.PhoneNumberID](w.Numbers),
		Certified:        graph.PhoneNumberID(w.CertifiedNumberID),
		Renamed:          graph.PhoneNumberID(w.RenamedNumberID),
		Pending:          graph.PhoneNumberID(w.PendingNumberID),
		WithCredit:       graph.BusinessID(w.SharedBusinessID), WithoutCredit: graph.BusinessID(w.UnsharedBusinessID),
		Allocation: graph.AllocationID(w.AllocationID), PreVerified: graph.PreVerifiedNumberID(w.PreVerifiedNumberID),
	}
}

// SeedPIN returns the two-step PIN of the numbers that are registered when a
// Server starts.
func SeedPIN() graph.Secret { return graph.NewSecret(graphsim.SeedPIN) }

func typed[ID ~string](ids []string) []ID {
	out := make([]ID, len(ids))
	for i, id := range ids {
		out[i] = ID(id)
	}
	return out
}
