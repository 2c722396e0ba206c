// Package nodesdk runs Meta's own SDK for Node, facebook-nodejs-business-sdk,
// against the simulator. Its Graph host is set to a loopback address.
//
// The SDK is an independent check of the simulator, because its authors knew Graph
// and did not know the simulator. It also sends requests that wagraph never sends:
// the token is in every URL, it follows next and previous unchanged, GET and DELETE
// have a body of {}, its objects send their own id with every write, it asks for
// several ids at /?ids=, and its batch is a JSON body with a real list.
//
// The programs in client are small. There is one for each thing that a partner does
// with the SDK. They read their input from standard input, and print what the SDK
// made of the answers. The tests compare that with the state of the simulator.
//
// The tests need node and npm, and install the SDK into a temporary directory.
// Where these programs cannot be installed, set WAGRAPH_NO_NODE=1: the tests then
// pass without a run of the SDK. It has only tests.
package nodesdk
