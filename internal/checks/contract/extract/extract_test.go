package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-8fdceacd/wagraph/internal/checks/contract"
)

// The specifications in this test are invented. They have each construct once.
const schemaNode = `{
 "apis": [
  {"method": "GET", "name": "#get", "return": "Shop", "params": []},
  {"method": "POST", "name": "#update", "return": "Shop", "params": []},
  {"method": "POST", "endpoint": "clerks", "return": "Object", "params": [
   {"name": "tasks", "required": true, "type": "list<shopclerks_tasks_enum_param>"},
   {"name": "note", "required": false, "type": "string"}]},
  {"method": "GET", "endpoint": "windows", "return": "Window", "params": []}
 ],
 "fields": [{"name": "id", "type": "string"}, {"name": "owner", "type": "Person"}]
}`

const schemaEnums = `[{"name": "shopclerks_tasks_enum_param", "values": ["SELL", "CLEAN"]}]`

const openAPI = `
paths:
  /{Version}/{Shop-ID}/clerks:
    parameters:
    - {name: Version, in: path, required: true, schema: {type: string}}
    get:
      parameters:
      - {name: limit, in: query, schema: {type: integer}}
      - {name: Shop-ID, in: path, required: true, schema: {type: string}}
      responses:
        200: {$ref: '#/components/responses/Clerks'}
        '400': {content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
    post:
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/NewClerk'}}
          multipart/form-data: {schema: {type: object, properties: {photo: {type: string}}}}
      responses:
        '200': {content: {application/json: {schema: {type: object, required: [success], properties: {success: {type: boolean}}}}}}
components:
  responses:
    Clerks:
      content:
        application/json:
          schema: {type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/Clerk'}}}}
  schemas:
    Error: {type: object, properties: {error: {type: object}}}
    Task: {type: string, enum: [SELL, CLEAN]}
    Clerk:
      type: object
      required: [id]
      properties:
        id: {oneOf: [{type: string}, {type: integer}]}
        tasks: {type: array, items: {$ref: '#/components/schemas/Task'}}
        boss: {$ref: '#/components/schemas/Clerk'}
    NewClerk:
      allOf:
      - {type: object, required: [name], properties: {name: {type: string}}}
      - oneOf:
        - {type: object, required: [wage], properties: {wage: {type: number}}}
        - {type: object, required: [address], properties: {address: {type: object, required: [city], properties: {city: {type: string}}}}}
`

const clerks = `,
  "POST /{Shop}/clerks": {
   "params": {
    "note": "string",
    "tasks": "list<string>(CLEAN|SELL)!"
   }
  }`

const wantCodegen = `{
 "calls": {
  "GET /{Shop}": {
   "returns": "Shop"
  }` + clerks + `
 },
 "nodes": {
  "Shop": {
   "id": "string",
   "owner": "Person"
  }
 }
}
`

const wantOpenAPI = `{
 "calls": {
  "GET /{Shop-ID}/clerks": {
   "params": {
    "limit": "integer"
   },
   "response": {
    "data": "array<object>",
    "data[].boss": "object",
    "data[].id": "integer|string",
    "data[].tasks": "array<string>(CLEAN|SELL)"
   }
  },
  "POST /{Shop-ID}/clerks": {
   "params": {
    "address": "object",
    "address.city": "string",
    "name": "string!",
    "photo": "string",
    "wage": "number"
   },
   "response": {
    "success": "boolean"
   }
  }
 }
}
`

func TestReadCodegen_SelectedNodes(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "Shop.json"), schemaNode)
	write(t, filepath.Join(dir, "enum_types.json"), schemaEnums)

	source, err := readCodegen(dir, map[string][]string{"Shop": {read, "clerks"}})
	check(t, source, err, wantCodegen)

	source, err = readCodegen(dir, map[string][]string{"Shop": {read}})
	check(t, source, err, strings.Replace(wantCodegen, clerks, "", 1))

	if _, err := readCodegen(dir, map[string][]string{"Shop": {"doors"}}); err == nil {
		t.Error("an edge that the schema does not have was not missed")
	}
}

func TestReadOpenAPI_SelectedRoutes(t *testing.T) {
	file := filepath.Join(t.TempDir(), "spec.yaml")
	write(t, file, openAPI)

	source, err := readOpenAPI(file, []string{"/{Shop-ID}/clerks"})
	check(t, source, err, wantOpenAPI)

	if _, err := readOpenAPI(file, []string{"/{Shop-ID}/doors"}); err == nil {
		t.Error("a path that the document does not have was not missed")
	}
}

func check(t *testing.T, source *contract.Source, err error, want string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := source.Encode(&got); err != nil {
		t.Fatal(err)
	}
	if got.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", got.String(), want)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
