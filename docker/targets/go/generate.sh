#!/bin/sh
# Makes gen/ from the proto. protoc is the one on PATH, or what $PROTOC says; its plugins for Go are tools of go.mod.
# Usage: generate.sh [folder of the proto]
set -eu
cd "$(dirname "$0")"
GOBIN="$PWD/bin" go install tool
PATH="$PWD/bin:$PATH" ${PROTOC:-protoc} -I "${1:-../../../protos}" \
  --go_out=. --go_opt=module=katydid --go-grpc_out=. --go-grpc_opt=module=katydid text.proto
