package phonenumbers_test

import (
	"encoding/base64"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// List and Get ask by default for the fields that a registration depends on.
func TestClient_ListAndGet(t *testing.T) {
	for name, opts := range map[string][]graphtest.Option{"ids as texts": nil, "ids as numbers": {graphtest.WithNumericIDs()}} {
		t.Run(name, func(t *testing.T) {
			server, w, numbers := sdktest.Start(t, phonenumbers.New, opts...)
			truth, ok := server.Number(w.Certified)
			require.True(t, ok)
			list := sdktest.Collect(t, numbers.List(truth.WABA, phonenumbers.Query{}))
			require.Len(t, list, 1)
			got := list[0]
			require.Equal(t, w.Certified, got.ID)
			require.Equal(t, truth.VerifiedName, got.VerifiedName)
			require.Equal(t, phonenumbers.NameApproved, got.NameStatus)
			_, err := base64.StdEncoding.DecodeString(got.Certificate)
			require.NoError(t, err)
			require.NotEmpty(t, got.Certificate)
			require.Empty(t, got.NewCertificate)
			require.Equal(t, phonenumbers.QualityGreen, got.QualityRating)
			require.Equal(t, phonenumbers.StatusConnected, got.Status)
			require.True(t, got.CanSend())
			require.Equal(t, phonenumbers.CodeVerified, got.CodeVerification)
			require.Equal(t, phonenumbers.PlatformCloud, got.Platform)
			require.Equal(t, "LIVE", got.AccountMode)
			require.False(t, bool(got.OnBusinessApp))
			require.NotEqual(t, got.DisplayPhoneNumber, got.Digits())
			require.WithinDuration(t, server.Now().Add(-390*24*time.Hour), got.LastOnboarded.Time, 2*time.Hour)

			single, err := numbers.Get(t.Context(), w.Certified)
			require.NoError(t, err)
			require.Equal(t, got, single)
			for _, call := range server.Calls() {
				require.Equal(t, phonenumbers.DefaultFields().String(), call.Query.Get("fields"))
			}

			renamed, err := numbers.Get(t.Context(), w.Renamed)
			require.NoError(t, err)
			require.Equal(t, phonenumbers.NameApproved, renamed.NewNameStatus)
			require.NotEmpty(t, renamed.NewCertificate)
			require.NotEqual(t, renamed.Certificate, renamed.NewCertificate)

			short, err := numbers.Get(t.Context(), w.Certified, "id", "status")
			require.NoError(t, err)
			require.Equal(t, phonenumbers.Number{ID: w.Certified, Status: phonenumbers.StatusConnected}, short)
		})
	}
}

// The certificate follows the review of the name.
func TestClient_NameReview(t *testing.T) {
	server, _, numbers := sdktest.Start(t, phonenumbers.New)
	done, _ := sdktest.Signup(t, server, phonenumbers.New, graphtest.SignupOptions{NameStatus: "PENDING_REVIEW"})
	read := func() phonenumbers.Number {
		t.Helper()
		n, err := numbers.Get(t.Context(), done.Numbers[0])
		require.NoError(t, err)
		return n
	}
	require.Equal(t, phonenumbers.NamePending, read().NameStatus)
	require.Empty(t, read().Certificate)
	require.NoError(t, server.ApproveName(done.Numbers[0]))
	first := read()
	require.Equal(t, phonenumbers.NameApproved, first.NameStatus)
	require.NotEmpty(t, first.Certificate)

	require.NoError(t, server.RequestRename(done.Numbers[0], "Another Name"))
	require.Equal(t, phonenumbers.NamePending, read().NewNameStatus)
	require.Empty(t, read().NewCertificate)
	require.NoError(t, server.ApproveName(done.Numbers[0]))
	require.NotEmpty(t, read().NewCertificate)
	require.Equal(t, first.VerifiedName, read().VerifiedName, "the old name stays until the number is registered with the new one")
	require.NoError(t, numbers.Register(t.Context(), done.Numbers[0], graph.NewSecret("270731")))
	last := read()
	require.Equal(t, "Another Name", last.VerifiedName)
	require.Empty(t, last.NewCertificate)
	require.NotEqual(t, first.Certificate, last.Certificate)

	require.NoError(t, server.RequestRename(done.Numbers[0], "A third"))
	require.NoError(t, server.DeclineName(done.Numbers[0]))
	require.Equal(t, phonenumbers.NameDeclined, read().NewNameStatus)
}

func TestQuery_OrderAndNumber(t *testing.T) {
	server, w, numbers := sdktest.Start(t, phonenumbers.New)
	account := w.ClientWABAs[1]
	newest := sdktest.Collect(t, numbers.List(account, phonenumbers.Query{}))
	require.Len(t, newest, 2)
	oldest := slices.Clone(newest)
	slices.Reverse(oldest)
	require.Equal(t, newest, sdktest.Collect(t, numbers.List(account, phonenumbers.Query{Order: phonenumbers.NewestFirst, PageSize: 1})))
	require.Equal(t, oldest, sdktest.Collect(t, numbers.List(account, phonenumbers.Query{Order: phonenumbers.OldestFirst, PageSize: 1, Prefetch: true})))
	require.Equal(t, newest[1:], sdktest.Collect(t, numbers.List(account, phonenumbers.Query{DisplayPhoneNumber: newest[1].DisplayPhoneNumber})), "as people write it")
	require.Equal(t, newest[:1], sdktest.Collect(t, numbers.List(account, phonenumbers.Query{DisplayPhoneNumber: newest[0].Digits()})))
	require.Empty(t, sdktest.Collect(t, numbers.List(account, phonenumbers.Query{DisplayPhoneNumber: "+1 555 010 9999"})))

	bare := sdktest.Collect(t, numbers.List(account, phonenumbers.Query{Fields: phonenumbers.StatusFields()}))
	require.NotContains(t, phonenumbers.StatusFields(), "certificate")
	require.Empty(t, bare[0].Certificate)
	require.Equal(t, newest[0].Status, bare[0].Status)

	// A client that goes through the signup again adds a number.
	added, err := server.AddNumber(account)
	require.NoError(t, err)
	require.Equal(t, added, sdktest.Collect(t, numbers.List(account, phonenumbers.Query{}))[0].ID)
}

// The client's own token reads its numbers without the certificates. An employee
// reads the numbers of the accounts that it is assigned to.
func TestClient_TokensSeeTheirNumbers(t *testing.T) {
	server, w, numbers := sdktest.Start(t, phonenumbers.New)
	done, client := sdktest.Signup(t, server, phonenumbers.New, graphtest.SignupOptions{Numbers: 2, NameStatus: "APPROVED"})
	own := sdktest.Collect(t, client.List(done.WABAs[0], phonenumbers.Query{}))
	require.Len(t, own, 2)
	require.Empty(t, own[0].Certificate)
	require.NotEmpty(t, sdktest.Collect(t, numbers.List(done.WABAs[0], phonenumbers.Query{}))[0].Certificate)
	require.ErrorIs(t, sdktest.Failure(t, client.List(w.ClientWABAs[0], phonenumbers.Query{})), graph.ErrNotFound)
	_, err := client.Get(t.Context(), w.Certified)
	require.ErrorIs(t, err, graph.ErrNotFound)

	employee := sdktest.As(server, phonenumbers.New, w.Employee.Token)
	require.ErrorIs(t, sdktest.Failure(t, employee.List(done.WABAs[0], phonenumbers.Query{})), graph.ErrNotFound)
	require.NoError(t, waba.New(server.Client()).Assign(t.Context(), done.WABAs[0], w.Employee.ID, waba.TaskViewPhoneAssets))
	require.Len(t, sdktest.Collect(t, employee.List(done.WABAs[0], phonenumbers.Query{})), 2)

	require.NoError(t, server.Unshare(done.WABAs[0]))
	require.ErrorIs(t, sdktest.Failure(t, numbers.List(done.WABAs[0], phonenumbers.Query{})), graph.ErrNotFound)
	_, err = numbers.Get(t.Context(), done.Numbers[0])
	require.ErrorIs(t, err, graph.ErrNotFound)
}

func TestClient_ReadErrors(t *testing.T) {
	server, w, numbers := sdktest.Start(t, phonenumbers.New)
	require.NoError(t, server.DeleteNumber(w.Pending))
	_, err := numbers.Get(t.Context(), w.Pending)
	require.ErrorIs(t, err, graph.ErrNotFound)
	_, err = numbers.Get(t.Context(), w.Certified, "no_such_field")
	require.ErrorIs(t, err, graph.ErrInvalid)
	require.ErrorIs(t, sdktest.Failure(t, numbers.List("999999999999999", phonenumbers.Query{})), graph.ErrNotFound)
	require.NoError(t, server.RevokeToken(w.Admin.Token, 460))
	_, err = numbers.Get(t.Context(), w.Certified)
	require.ErrorIs(t, err, graph.ErrAuth)
}

func TestClient_ReadBadInput(t *testing.T) {
	server, w, numbers := sdktest.Start(t, phonenumbers.New)
	account := w.ClientWABAs[0]
	for _, tt := range []struct {
		list  *graph.List[phonenumbers.Number]
		field string
	}{
		{numbers.List("", phonenumbers.Query{}), "waba-id"},
		{numbers.List("1/2", phonenumbers.Query{}), "waba-id"},
		{numbers.List(account, phonenumbers.Query{PageSize: 101}), "page size"},
		{numbers.List(account, phonenumbers.Query{PageSize: -1}), "page size"},
		{numbers.List(account, phonenumbers.Query{Order: "creation_time.asc"}), "order"},
		{numbers.List(account, phonenumbers.Query{DisplayPhoneNumber: "none"}), "display phone number"},
	} {
		sdktest.RequireRefused(t, server, sdktest.Failure(t, tt.list), tt.field)
	}
	_, err := numbers.Get(t.Context(), "")
	sdktest.RequireRefused(t, server, err, "phone-number-id")
	_, err = numbers.Get(t.Context(), "+4930555010")
	sdktest.RequireRefused(t, server, err, "phone-number-id")
}
