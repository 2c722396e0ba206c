package popup_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup/popup"
)

func TestLookupError(t *testing.T) {
	// One error of each group of Meta's page, and the errors with their own advice.
	for id, want := range map[int]struct {
		group popup.ErrorGroup
		wait  time.Duration
	}{
		2655081: {popup.GroupAdAccount, 0},
		2388098: {popup.GroupLimits, 0},
		1690089: {popup.GroupNames, 0},
		2593010: {popup.GroupNames, 0},
		2655091: {popup.GroupCaptcha, 0},
		3441045: {popup.GroupCoexistence, 0},
		3441049: {popup.GroupCoexistence, 15 * time.Minute},
		2655094: {popup.GroupCoexistence, 15 * time.Minute},
		2494158: {popup.GroupVerificationCode, 12 * time.Hour},
		2494030: {popup.GroupBusinessVerification, 0},
		2388002: {popup.GroupNumberLimits, 0},
		2655005: {popup.GroupTestNumbers, 0},
		1390006: {popup.GroupRate, 0},
		2655049: {popup.GroupPartner, 0},
		1675030: {popup.GroupSystem, 0},
		2859015: {popup.GroupRestricted, 0},
		1752069: {popup.GroupPages, 0},
		4612001: {popup.GroupLogin, 0},
		2494168: {popup.GroupInAppSignup, 0},
	} {
		info, known := popup.LookupError(id)
		require.True(t, known, id)
		require.Equal(t, id, info.ID)
		require.Equal(t, want.group, info.Group, id)
		require.Equal(t, want.wait, info.Wait, id)
		require.Equal(t, "Embedded Signup errors, 24 Feb 2026", info.Source)
		require.NotEmpty(t, info.Advice)

		fromProblem, known := popup.Problem{ID: id, Message: "The code was guessed too many times"}.Info()
		require.True(t, known)
		require.Equal(t, info, fromProblem, "the number counts, not the text")
	}
	general, _ := popup.LookupError(3441041)
	special, _ := popup.LookupError(3441045)
	require.NotEqual(t, general.Advice, special.Advice)
}

func TestProblem_Info_WithoutNumber(t *testing.T) {
	info, known := popup.Problem{Message: "You guessed too many times. Try again later."}.Info()
	require.True(t, known)
	require.Equal(t, popup.GroupVerificationCode, info.Group)
	require.Equal(t, 12*time.Hour, info.Wait)
	info, known = popup.Problem{Message: "This number is in use by another account"}.Info()
	require.True(t, known)
	require.Equal(t, popup.GroupNumberInUse, info.Group)
	require.Equal(t, 3*time.Minute, info.Wait)
}

func TestProblem_Info_UnknownError(t *testing.T) {
	for _, problem := range []popup.Problem{{}, {ID: 1}, {ID: -2655081}, {Message: "Etwas ist schiefgelaufen"}} {
		info, known := problem.Info()
		require.False(t, known)
		require.Equal(t, popup.ErrorInfo{}, info)
	}
}
