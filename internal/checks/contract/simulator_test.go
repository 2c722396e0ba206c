package contract

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

// TestSimulator_AgreesWithMetasSpecifications compares what the simulator serves
// with Meta's specifications. The simulator shares no code with the SDK, so that a
// mistake would have to be made in both to go unnoticed.
func TestSimulator_AgreesWithMetasSpecifications(t *testing.T) {
	source := &Source{Calls: map[string]Call{}, Nodes: map[string]Fields{}}
	for _, route := range graphsim.Routes() {
		call := Call{Params: Fields{}}
		for _, param := range route.Params {
			call.Params[param.Name] = Type{Name: simType(param.Type), Values: param.Enum, Required: param.Required}
		}
		key := route.Method + " " + route.Template
		require.NotContains(t, source.Calls, key, "served twice")
		source.Calls[key] = call
	}
	for _, node := range graphsim.NodeTypes() {
		fields := Fields{}
		for _, field := range node.Fields {
			fields[field.Name] = Type{Name: simType(field.Type)}
		}
		source.Nodes[simNode(node.Name)] = fields
	}
	judge(t, "simulator", source)
}

// simNode replaces the name of a phone number in Graph's errors, which the simulator
// uses, with its name in the schema.
func simNode(name string) string {
	if name == "WhatsAppBusinessPhoneNumber" {
		return places["{phone-number-id}"].node
	}
	return name
}

// simType replaces the simulator's name for a list that it also takes as words
// separated by commas.
func simType(name string) string {
	if name == "csv" {
		return "list<string>|string"
	}
	return name
}
