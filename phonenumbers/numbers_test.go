package phonenumbers_test

import (
	"encoding/base64"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// The numbers of an account with what decides about their registration, asked
// for by default.
func TestListAndGet(t *testing.T) {
	for name, opts := range map[string][]graphtest.Option{"ids as texts": nil, "ids as numbers": {graphtest.WithNumericIDs()}} {
		t.Run(name, func(t *testing.T) {
			server, w, numbers := start(t, opts...)
			truth, ok := server.Number(w.Certified)
			require.True(t, ok)
			list := collect(t, numbers.List(truth.WABA, phonenumbers.Query{}))
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

// A name goes through its review, and the certificate follows it.
func TestNameReview(t *testing.T) {
	server, _, numbers := start(t)
	done, _ := signup(t, server, graphtest.SignupOptions{NameStatus: "PENDING_REVIEW"})
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
	require.Equal(t, first.VerifiedName, read().VerifiedName, "until it is registered with the new one")
	require.NoError(t, numbers.Register(t.Context(), done.Numbers[0], wagraph.NewSecret("270731")))
	last := read()
	require.Equal(t, "Another Name", last.VerifiedName)
	require.Empty(t, last.NewCertificate)
	require.NotEqual(t, first.Certificate, last.Certificate)

	require.NoError(t, server.RequestRename(done.Numbers[0], "A third"))
	require.NoError(t, server.DeclineName(done.Numbers[0]))
	require.Equal(t, phonenumbers.NameDeclined, read().NewNameStatus)
}

func TestQuery(t *testing.T) {
	server, w, numbers := start(t)
	account := w.ClientWABAs[1]
	newest := collect(t, numbers.List(account, phonenumbers.Query{}))
	require.Len(t, newest, 2)
	oldest := slices.Clone(newest)
	slices.Reverse(oldest)
	require.Equal(t, newest, collect(t, numbers.List(account, phonenumbers.Query{Order: phonenumbers.NewestFirst, PageSize: 1})))
	require.Equal(t, oldest, collect(t, numbers.List(account, phonenumbers.Query{Order: phonenumbers.OldestFirst, PageSize: 1, Prefetch: true})))
	require.Equal(t, newest[1:], collect(t, numbers.List(account, phonenumbers.Query{DisplayPhoneNumber: newest[1].DisplayPhoneNumber})), "as it is written for people")
	require.Equal(t, newest[:1], collect(t, numbers.List(account, phonenumbers.Query{DisplayPhoneNumber: newest[0].Digits()})))
	require.Empty(t, collect(t, numbers.List(account, phonenumbers.Query{DisplayPhoneNumber: "+1 555 010 9999"})))

	bare := collect(t, numbers.List(account, phonenumbers.Query{Fields: phonenumbers.StatusFields()}))
	require.NotContains(t, phonenumbers.StatusFields(), "certificate")
	require.Empty(t, bare[0].Certificate)
	require.Equal(t, newest[0].Status, bare[0].Status)

	// A client that goes through the signup again brings a number along.
	added, err := server.AddNumber(account)
	require.NoError(t, err)
	require.Equal(t, added, collect(t, numbers.List(account, phonenumbers.Query{}))[0].ID)
}

func TestDefaultFieldsInEveryVersion(t *testing.T) {
	for _, version := range []string{"v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0"} {
		server := graphtest.New(t)
		numbers := phonenumbers.New(server.Client(wagraph.WithVersion(version)))
		_, err := numbers.Get(t.Context(), server.World().Certified)
		require.NoError(t, err, version)
	}
	require.Equal(t, wagraph.FieldsOf[phonenumbers.Number](), phonenumbers.DefaultFields(), "the type and its list go together")
}

// The client's own token reads its numbers without the certificates; an
// employee reads what it is assigned to.
func TestWhoSeesWhat(t *testing.T) {
	server, w, numbers := start(t)
	done, client := signup(t, server, graphtest.SignupOptions{Numbers: 2, NameStatus: "APPROVED"})
	own := collect(t, client.List(done.WABAs[0], phonenumbers.Query{}))
	require.Len(t, own, 2)
	require.Empty(t, own[0].Certificate)
	require.NotEmpty(t, collect(t, numbers.List(done.WABAs[0], phonenumbers.Query{}))[0].Certificate)
	require.ErrorIs(t, failure(t, client.List(w.ClientWABAs[0], phonenumbers.Query{})), wagraph.ErrNotFound)
	_, err := client.Get(t.Context(), w.Certified)
	require.ErrorIs(t, err, wagraph.ErrNotFound)

	employee := as(server, w.Employee.Token)
	require.ErrorIs(t, failure(t, employee.List(done.WABAs[0], phonenumbers.Query{})), wagraph.ErrNotFound)
	require.NoError(t, waba.New(server.Client()).Assign(t.Context(), done.WABAs[0], w.Employee.ID, waba.TaskViewPhoneAssets))
	require.Len(t, collect(t, employee.List(done.WABAs[0], phonenumbers.Query{})), 2)

	require.NoError(t, server.Unshare(done.WABAs[0]))
	require.ErrorIs(t, failure(t, numbers.List(done.WABAs[0], phonenumbers.Query{})), wagraph.ErrNotFound)
	_, err = numbers.Get(t.Context(), done.Numbers[0])
	require.ErrorIs(t, err, wagraph.ErrNotFound)
}

func TestReadErrors(t *testing.T) {
	server, w, numbers := start(t)
	require.NoError(t, server.DeleteNumber(w.Pending))
	_, err := numbers.Get(t.Context(), w.Pending)
	require.ErrorIs(t, err, wagraph.ErrNotFound)
	_, err = numbers.Get(t.Context(), w.Certified, "no_such_field")
	require.ErrorIs(t, err, wagraph.ErrInvalid)
	require.ErrorIs(t, failure(t, numbers.List("999999999999999", phonenumbers.Query{})), wagraph.ErrNotFound)
	require.NoError(t, server.RevokeToken(w.Admin.Token, 460))
	_, err = numbers.Get(t.Context(), w.Certified)
	require.ErrorIs(t, err, wagraph.ErrAuth)
}

func TestReadBadInput(t *testing.T) {
	server, w, numbers := start(t)
	account := w.ClientWABAs[0]
	for _, tt := range []struct {
		list  *wagraph.List[phonenumbers.Number]
		field string
	}{
		{numbers.List("", phonenumbers.Query{}), "waba-id"},
		{numbers.List("1/2", phonenumbers.Query{}), "waba-id"},
		{numbers.List(account, phonenumbers.Query{PageSize: 101}), "page size"},
		{numbers.List(account, phonenumbers.Query{PageSize: -1}), "page size"},
		{numbers.List(account, phonenumbers.Query{Order: "creation_time.asc"}), "order"},
		{numbers.List(account, phonenumbers.Query{DisplayPhoneNumber: "none"}), "display phone number"},
	} {
		refused(t, server, failure(t, tt.list), tt.field)
	}
	_, err := numbers.Get(t.Context(), "")
	refused(t, server, err, "phone-number-id")
	_, err = numbers.Get(t.Context(), "+4930555010")
	refused(t, server, err, "phone-number-id")
}

func TestDigits(t *testing.T) {
	for number, want := range map[string]string{
		"+49 30 5550100": "49305550100", "+1 631-555-5555": "16315555555", "15555555555": "15555555555", "": "", "+": "",
		"(0) 30/555": "030555", "٤٩": "",
	} {
		require.Equal(t, want, phonenumbers.Digits(number))
		require.Equal(t, want, phonenumbers.Number{DisplayPhoneNumber: number}.Digits())
	}
}
