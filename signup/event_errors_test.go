package signup_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup"
)

func TestErrorsOfThePopup(t *testing.T) {
	// One of each group of Meta's page, and those with a text of their own.
	for id, want := range map[int]struct {
		group signup.ErrorGroup
		wait  time.Duration
	}{
		2655081: {signup.GroupAdAccount, 0},
		2388098: {signup.GroupLimits, 0},
		1690089: {signup.GroupNames, 0},
		2593010: {signup.GroupNames, 0},
		2655091: {signup.GroupCaptcha, 0},
		3441045: {signup.GroupCoexistence, 0},
		3441049: {signup.GroupCoexistence, 15 * time.Minute},
		2655094: {signup.GroupCoexistence, 15 * time.Minute},
		2494158: {signup.GroupVerificationCode, 12 * time.Hour},
		2494030: {signup.GroupBusinessVerification, 0},
		2388002: {signup.GroupNumberLimits, 0},
		2655005: {signup.GroupTestNumbers, 0},
		1390006: {signup.GroupRate, 0},
		2655049: {signup.GroupPartner, 0},
		1675030: {signup.GroupSystem, 0},
		2859015: {signup.GroupRestricted, 0},
		1752069: {signup.GroupPages, 0},
		4612001: {signup.GroupLogin, 0},
		2494168: {signup.GroupInAppSignup, 0},
	} {
		info, known := signup.LookupError(id)
		require.True(t, known, id)
		require.Equal(t, id, info.ID)
		require.Equal(t, want.group, info.Group, id)
		require.Equal(t, want.wait, info.Wait, id)
		require.Equal(t, "Embedded Signup errors, 24 Feb 2026", info.Source)
		require.NotEmpty(t, info.Advice)

		fromProblem, known := signup.Problem{ID: id, Message: "The code was guessed too many times"}.Info()
		require.True(t, known)
		require.Equal(t, info, fromProblem, "the number tells more than the text")
	}
	general, _ := signup.LookupError(3441041)
	special, _ := signup.LookupError(3441045)
	require.NotEqual(t, general.Advice, special.Advice)
}

func TestErrorsWithoutANumber(t *testing.T) {
	info, known := signup.Problem{Message: "You guessed too many times. Try again later."}.Info()
	require.True(t, known)
	require.Equal(t, signup.GroupVerificationCode, info.Group)
	require.Equal(t, 12*time.Hour, info.Wait)
	info, known = signup.Problem{Message: "This number is in use by another account"}.Info()
	require.True(t, known)
	require.Equal(t, signup.GroupNumberInUse, info.Group)
	require.Equal(t, 3*time.Minute, info.Wait)
}

func TestErrorsThatAreNotKnown(t *testing.T) {
	for _, problem := range []signup.Problem{{}, {ID: 1}, {ID: -2655081}, {Message: "Etwas ist schiefgelaufen"}} {
		info, known := problem.Info()
		require.False(t, known)
		require.Equal(t, signup.ErrorInfo{}, info)
	}
}
