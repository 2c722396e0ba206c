package popup

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestErrorTables_AreConsistent(t *testing.T) {
	groups, ids := map[ErrorGroup]bool{}, map[int]bool{}
	for _, group := range errorGroups {
		require.False(t, groups[group.group], group.group)
		groups[group.group] = true
		require.NotEmpty(t, group.advice)
		for _, id := range group.ids {
			require.False(t, ids[id], "%d is in two groups", id)
			ids[id] = true
		}
	}
	details := map[int]bool{}
	for _, detail := range errorDetails {
		require.True(t, ids[detail.id], "%d is in no group", detail.id)
		require.False(t, details[detail.id], "%d is there twice", detail.id)
		details[detail.id] = true
	}
}
