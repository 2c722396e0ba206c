// Package nodesdk holds tests that a client which is not ours finds the
// simulator believable: Meta's own SDK for Node, facebook-nodejs-business-sdk,
// its Graph host pointed at a loopback address.
//
// It is an independent witness. Whoever wrote it knew Graph and not the
// simulator, and it does what a careful client would not: it has the token in
// every URL and follows next and previous as they stand, it sends a body of {}
// with GET and DELETE, its objects send their own id with every write, it asks
// for several ids at /?ids=, and its batch is a JSON body with a real list.
//
// The programs in client are small, one for each thing that a partner does
// with the SDK. They read what they need to know from standard input, and print
// what the SDK made of the answers; the tests compare that with what is true in
// the simulator.
//
// The tests need node and npm, and install the SDK into a temporary directory.
// Where neither is to be had, WAGRAPH_NO_NODE=1 says that this is known. It is
// a module of its own because nothing else here needs more than Go.
package nodesdk
