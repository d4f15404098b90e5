// The text classifier of protos/text.proto in Go: over REST on net/http, and over gRPC on grpc-go.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

// How long calls that were begun may take to end after SIGTERM.
const grace = 5 * time.Second

const usage = `Usage: classifier rest|grpc [-address 127.0.0.1] [-port 8000|50051]
       classifier health rest|grpc [-port 8000|50051]

The model is text-model.json in the folder $PROTOS, or ../../../protos if that is not set.
`

// How many there were, told at the end.
var calls atomic.Int64

var ports = map[string]int{"rest": 8000, "grpc": 50051}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "classifier:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	isCheck := len(args) > 0 && args[0] == "health"
	if isCheck {
		args = args[1:]
	}
	if len(args) == 0 || ports[args[0]] == 0 {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	what := args[0]
	flags := flag.NewFlagSet("classifier "+what, flag.ExitOnError)
	address := flags.String("address", "127.0.0.1", "interface to listen on; 0.0.0.0 for all")
	port := flags.Int("port", ports[what], "port to listen on; 0 for any that is free")
	_ = flags.Parse(args[1:])
	at := net.JoinHostPort(*address, strconv.Itoa(*port))
	if isCheck {
		return checkHealth(what, at)
	}
	return serve(what, at)
}

func serve(what, at string) error {
	folder := os.Getenv("PROTOS")
	if folder == "" {
		folder = "../../../protos"
	}
	model, err := LoadModel(filepath.Join(folder, "text-model.json"))
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", at)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	fmt.Fprintf(os.Stderr, "classifier listens on %s (%s)\n", listener.Addr(), what)
	defer func() { fmt.Fprintf(os.Stderr, "classifier had %d calls (%s)\n", calls.Load(), what) }()
	if what == "rest" {
		return serveRest(ctx, listener, model)
	}
	return serveGrpc(ctx, listener, model)
}
